/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finding and checking the inputs of a link.
 *
 * Libraries are looked up here and not by lld, so that a shared library, a
 * missing one, or one of the host is told plainly. Archives of the sysroot are
 * trusted; everything else is read: wrong architecture, damage, objects made
 * by another GHC.
 */
#include "config.h"

#include "link.h"

#include "elffile.h"
#include "mapfile.h"

#include <errno.h>
#include <limits.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* What is inside libc.a, or is added at the end of the link anyway. Sorted. */
static const char *const ours[] = {
    "c", "crypt",   "dl",     "gcc", "gcc_eh", "gcc_s",
    "m", "pthread", "resolv", "rt",  "util",   "xnet",
};

struct identity {
	bool marked;   /* has halvm_abi */
	bool portable; /* has halvm_portable */
	uint64_t abi;
	char ghc[64]; /* version of the first foreign GHC, else of ours */
	bool foreign; /* the GHC isn't the sysroot's */
	bool c;	      /* made by GCC or clang */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

static bool is_ours(const char *lib)
{
	return bsearch(lib, ours, ARRAY_SIZE(ours), sizeof *ours, by_name);
}

/* Reads the compilers' idents: NUL-separated strings in .comment. */
static void read_idents(const struct elf *e, const struct elf_sec *s,
			const char *ghc, struct identity *id)
{
	const char *p = (const char *)e->data + s->off, *end = p + s->size;
	size_t n;

	for (; p < end; p += n + 1) {
		n = strnlen(p, (size_t)(end - p));
		id->c = id->c || str_starts(p, "GCC: ") ||
			memmem(p, n, "clang version", 13);
		if (n < 5 || strncmp(p, "GHC ", 4) != 0 || id->foreign)
			continue;
		n -= 4;
		p += 4;
		if (n >= sizeof id->ghc)
			n = sizeof id->ghc - 1;
		memcpy(id->ghc, p, n);
		id->ghc[n] = 0;
		id->foreign = ghc && strcmp(id->ghc, ghc) != 0;
		n = strnlen(p, (size_t)(end - p));
	}
}

static void identify(const struct elf *e, const char *ghc, struct identity *id)
{
	struct elf_sec s;
	struct elf_sym y;
	uint32_t i;

	memset(id, 0, sizeof *id);
	for (i = 1; i < e->nsec; i++) {
		elf_section(e, i, &s);
		if (s.type == SHT_PROGBITS && strcmp(s.name, ".comment") == 0)
			read_idents(e, &s, ghc, id);
	}
	for (i = 1; i < e->nsym; i++) {
		elf_symbol(e, i, &y);
		if (y.shndx != ELF_ABS || !str_starts(y.name, "halvm_"))
			continue;
		if (strcmp(y.name, HALVM_PORTABLE_MARK) == 0)
			id->portable = true;
		else if (strcmp(y.name, HALVM_ABI_MARK) != 0)
			continue;
		id->marked = true;
		if (id->abi != HALVM_ABI)
			id->abi = y.value;
	}
}

/*
 * A member of an archive may have lost its mark, a local symbol: cabal strips
 * the libraries it installs. GHC's own ident survives that.
 */
static void check_identity(const struct link_job *job, const struct elf *e,
			   const char *name, bool member, struct identity *id)
{
	static bool warned;

	identify(e, job->ghc, id);
	if (id->marked && id->abi != HALVM_ABI)
		die(EXIT_FAILED,
		    "%s was made for ABI %llu of HaLVM, this is ABI %d: "
		    "compile it again",
		    name, (unsigned long long)id->abi, HALVM_ABI);
	if (!id->ghc[0] && id->c && !id->marked && !member && !warned &&
	    job->args->mode != LINK_MERGE) {
		warned = true;
		warn("%s wasn't compiled with halvm-cc: if it uses the "
		     "host's libc it won't work",
		     name);
	}
	if (!id->ghc[0] || id->portable)
		return;
	if (id->foreign)
		die(EXIT_FAILED,
		    "%s was made by another GHC (%s, ours is %s): compile it "
		    "again with halvm-ghc",
		    name, id->ghc, job->ghc);
	if (!id->marked && !member)
		die(EXIT_FAILED,
		    "%s was made by another GHC (%s of the host): compile it "
		    "again with halvm-ghc",
		    name, id->ghc);
}

static void check_object(struct link_job *job, const void *data, size_t len,
			 const char *name, bool member, struct identity *id)
{
	struct elf e;
	const char *err = elf_open(&e, data, len);

	if (err)
		die(EXIT_FAILED, "%s is a damaged object: %s", name, err);
	check_identity(job, &e, name, member, id);
	link_read_claims(&e, &job->claims);
	job->provides = job->provides || link_has_provide(&e);
}

static void check_archive(struct link_job *job, const struct mapfile *f,
			  const char *path)
{
	struct ar a;
	struct ar_member m;
	struct identity id;
	const char *err = ar_open(&a, f->data, f->len);
	char what[128], *name;
	bool more = true;

	while (!err) {
		err = ar_next(&a, &m, &more);
		if (err || !more)
			break;
		name = xasprintf("%s(%s)", path, m.name);
		if (file_identify(m.data, m.len, what, sizeof what) !=
		    FILE_OBJECT)
			die(EXIT_FAILED,
			    "%s is %s, not an object for x86-64 Linux", name,
			    what);
		check_object(job, m.data, m.len, name, true, &id);
		free(name);
	}
	if (err)
		die(EXIT_FAILED, "%s is a damaged archive: %s", path, err);
}

/* The way out for an input that isn't linkable. */
static const char *advice(const char *path, const char *what)
{
	static const char *const sources[] = {".S",   ".c",   ".cc",
					      ".cpp", ".cxx", ".s"};
	size_t i;

	if (str_ends(path, ".hs") || str_ends(path, ".lhs"))
		return ": compile it with halvm-ghc";
	for (i = 0; i < ARRAY_SIZE(sources); i++)
		if (str_ends(path, sources[i]))
			return ": compile it with halvm-cc first";
	if (strstr(what, "shared library"))
		return ": HaLVM programs are static, give its .a or the "
		       "objects";
	if (strstr(what, "bitcode"))
		return ": compile it without -flto";
	return "";
}

/*
 * Returns true if it is a portable object. An executable that holds one counts
 * as that one: *kept then names a file with it.
 */
static bool check_input(struct link_job *job, const char *path, bool trusted,
			char **kept)
{
	struct mapfile f;
	struct identity id = {0};
	enum file_kind kind;
	char what[128];

	if (!mapfile_open(&f, path))
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	kind = file_identify(f.data, f.len, what, sizeof what);
	if (kind == FILE_IMAGE && job->args->mode != LINK_MERGE)
		*kept = link_take_kept(&f);
	if (*kept) {
		if (!check_input(job, *kept, trusted, &(char *){NULL}))
			die(EXIT_FAILED,
			    "what '%s' holds is no portable object", path);
	} else if (kind == FILE_OBJECT)
		check_object(job, f.data, f.len, path, trusted, &id);
	else if (kind == FILE_ARCHIVE && !trusted)
		check_archive(job, &f, path);
	else if (kind == FILE_THIN)
		die(EXIT_FAILED,
		    "'%s' is a thin archive, which is not supported: make an "
		    "ordinary one, without ar's T",
		    path);
	/* GHC gives `ld -r` a script with INPUT("…"). */
	else if (kind != FILE_ARCHIVE &&
		 !(kind == FILE_TEXT && job->args->mode == LINK_MERGE &&
		   f.len >= 5 && memcmp(f.data, "INPUT", 5) == 0))
		die(EXIT_FAILED,
		    "'%s' is %s, not an object or archive for x86-64%s", path,
		    what, advice(path, what));
	mapfile_close(&f);
	return id.portable || *kept;
}

static bool in_sysroot(const struct link_job *job, const char *path)
{
	char *real = realpath(path, NULL), *root;
	bool in;

	root = realpath(job->in.sysroot, NULL);
	in =
	    real && root && str_starts(real, root) && real[strlen(root)] == '/';
	free(real);
	free(root);
	return in;
}

/* Searches -L directories, then the sysroot; NULL if it isn't there. */
static char *search(const struct link_job *job, const char *file)
{
	const struct strlist *dirs = &job->args->libdirs;
	char *path, *lib;
	size_t i;

	for (i = 0; i < dirs->n; i++) {
		path = path_join(dirs->v[i], file);
		if (file_exists(path))
			return path;
		free(path);
	}
	if (job->args->mode == LINK_MERGE)
		return NULL;
	lib = path_join(job->in.sysroot, "lib");
	path = path_join(lib, file);
	free(lib);
	if (file_exists(path))
		return path;
	free(path);
	return NULL;
}

static _Noreturn void no_library(const struct link_job *job, const char *lib)
{
	char *so = xasprintf("lib%s.so", lib), *found = search(job, so);

	if (found)
		die(EXIT_FAILED,
		    "-l%s: there is only a shared library, '%s'; HaLVM "
		    "programs are static and need lib%s.a, compiled with "
		    "halvm-cc",
		    lib, found, lib);
	die(EXIT_FAILED,
	    "-l%s: no lib%s.a in the -L directories or the sysroot "
	    "('%s/lib'); the host's libraries don't serve: compile it with "
	    "halvm-cc and give its directory with -L",
	    lib, lib, job->in.sysroot);
}

static void push_path(struct strlist *out, const char *path)
{
	/* lld would take them for an option or a response file. */
	strlist_pushf(out, "%s%s", path[0] == '-' || path[0] == '@' ? "./" : "",
		      path);
}

static void resolve_lib(struct link_job *job, const struct link_item *item)
{
	char *file, *path;

	if (item->kind == ITEM_LIB) {
		if (job->args->mode != LINK_MERGE && is_ours(item->text))
			return;
		file = xasprintf("lib%s.a", item->text);
		path = search(job, file);
		free(file);
		if (!path)
			no_library(job, item->text);
	} else {
		path = search(job, item->text);
		if (!path)
			die(EXIT_FAILED,
			    "-l:%s: no such file in the -L directories or the "
			    "sysroot ('%s/lib')",
			    item->text, job->in.sysroot);
	}
	check_input(job, path, in_sysroot(job, path), &(char *){NULL});
	push_path(&job->inputs, path);
	free(path);
}

void link_resolve(struct link_job *job)
{
	const struct link_args *a = job->args;
	size_t i, files = 0;

	for (i = 0; i < a->nitems; i++) {
		const struct link_item *item = &a->items[i];
		char *kept = NULL;

		if (item->kind == ITEM_LD) {
			strlist_push(&job->inputs, item->text);
			continue;
		}
		if (item->kind != ITEM_FILE) {
			resolve_lib(job, item);
			continue;
		}
		files++;
		if (check_input(job, item->text, in_sysroot(job, item->text),
				&kept))
			job->portable = kept ? kept : item->text;
		push_path(&job->inputs, kept ? kept : item->text);
	}
	if (job->portable && files > 1 && a->mode != LINK_MERGE)
		die(EXIT_USAGE,
		    "'%s' is a portable object, a whole program: it can't be "
		    "linked with other files",
		    job->portable);
}
