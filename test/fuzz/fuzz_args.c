/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the command lines of halvm-cc and halvm-ghc: the input is a list
 * of arguments, one a line. Nothing may be lost: what isn't refused or taken
 * for ourselves gets to the compiler or the linker.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ccargs.h"
#include "ghcargs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool b)
{
	if (!b)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strlist args = {0};
	struct cc_args cc;
	struct ghc_args g;
	char *text = xstrndup((const char *)data, size), *rest = text, *arg;
	while ((arg = strsep(&rest, "\n")))
		strlist_push(&args, arg);
	cc_parse(&args, &cc);
	must(cc.n_inputs <= args.n);
	for (size_t i = 0; i < cc.n_inputs; i++) {
		must(cc.inputs[i].link_at < cc.link.n);
		must(strcmp(cc.link.v[cc.inputs[i].link_at],
			    cc.inputs[i].name) == 0);
		must(cc.inputs[i].name[0] != '@');
	}
	cc_args_free(&cc);
	ghc_parse(&args, &g);
	must(g.pass.n + g.link.n <= args.n);
	ghc_args_free(&g);
	strlist_free(&args);
	free(text);
	return 0;
}
