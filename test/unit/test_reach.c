/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/link_reach.c: what a portable object can reach, and how. */
#include "config.h"

#include "check.h"
#include "link_reach.h"
#include "mkelf.h"

#define CODE (SHF_ALLOC | SHF_EXECINSTR)

static int section(struct mkelf *m, const char *name, int type)
{
	char full[96];
	int s;

	snprintf(full, sizeof full, ".text.%s", name);
	s = mkelf_section(m, full, SHT_PROGBITS,
			  type == STT_FUNC ? CODE : SHF_ALLOC, "12345678", 8);
	mkelf_symbol(m, name, STB_GLOBAL, type, (unsigned)s, 0, 8);
	return s;
}

/* A section that no symbol names, as GHC's local code has. */
static int nameless(struct mkelf *m, int *symbol)
{
	int s =
	    mkelf_section(m, ".text..Lx", SHT_PROGBITS, CODE, "12345678", 8);

	*symbol =
	    mkelf_symbol(m, "", STB_LOCAL, STT_SECTION, (unsigned)s, 0, 0);
	return s;
}

static void refer(struct mkelf *m, int from, const char *to)
{
	mkelf_reloc(m, from, 4,
		    mkelf_symbol(m, to, STB_GLOBAL, STT_NOTYPE, 0, 0, 0));
}

/*
 * halvm_start > main > Main.main > (nameless) > read; main > write twice;
 * an initialiser reaches close; with a table, main > syscall > all of them.
 */
static char *sample(bool table)
{
	struct mkelf m = {0};
	int start, s, local, sym, i;
	char name[64], *path;
	struct bytes b;
	FILE *f;

	start = section(&m, "halvm_start", STT_FUNC);
	refer(&m, start, "main");
	s = section(&m, "main", STT_FUNC);
	refer(&m, s, "Main_main_closure");
	refer(&m, s, "halvm_syscall_write");
	if (table)
		refer(&m, s, "syscall");
	s = section(&m, "Main_main_closure", STT_OBJECT);
	refer(&m, s, "Main_main_info");
	s = section(&m, "Main_main_info", STT_FUNC);
	local = nameless(&m, &sym);
	mkelf_reloc(&m, s, 0, sym);
	refer(&m, local, "halvm_syscall_read");
	s = mkelf_section(&m, ".init_array", SHT_INIT_ARRAY, SHF_ALLOC,
			  "12345678", 8);
	refer(&m, s, "init");
	refer(&m, section(&m, "init", STT_FUNC), "halvm_syscall_close");
	if (table) {
		refer(&m, section(&m, "syscall", STT_FUNC), "tab");
		s = section(&m, "tab", STT_OBJECT);
		for (i = 0; i < 80; i++) {
			snprintf(name, sizeof name, "halvm_syscall_t%d", i);
			refer(&m, s, name);
		}
		refer(&m, s, "halvm_syscall_write");
	}
	b = mkelf_done(&m);
	path = path_join(temp_dir(), "portable.o");
	f = fopen(path, "w");
	if (!f || fwrite(b.p, 1, b.n, f) != b.n || fclose(f) != 0)
		abort();
	bytes_free(&b);
	return path;
}

static void check_list(const struct reach *r, const char *name,
		       void (*list)(const struct reach *, const char *,
				    struct strlist *),
		       const char *want, const char *title)
{
	struct strlist l = {0};
	char *s;

	list(r, name, &l);
	s = strlist_join(&l, " > ");
	check_str(s, want, title);
	free(s);
	strlist_free(&l);
}

static void test_plain(void)
{
	char *path = sample(false);
	struct reach r;

	reach_open(&r, path);
	check(r.table == GRAPH_NONE, "no table of syscall(2)");
	check(reach_syscall(&r, "write") == REACHED_BY_NAME, "write");
	check(reach_syscall(&r, "read") == REACHED_BY_NAME, "read");
	check(reach_syscall(&r, "close") == REACHED_BY_NAME,
	      "close, by an initialiser");
	check(reach_syscall(&r, "fork") == REACHED_NOT, "not fork");
	check_list(&r, "read", reach_chain, "halvm_start > main > Main.main",
		   "a chain: closure and code are one name");
	check_list(&r, "read", reach_callers, "Main.main",
		   "nameless code goes by who reaches it");
	check_list(&r, "write", reach_callers, "main", "a caller");
	check_list(&r, "close", reach_chain, "init",
		   "a chain from an initialiser");
	check_list(&r, "fork", reach_chain, "", "no chain");
	reach_close(&r);
	free(path);
}

static void test_table(void)
{
	char *path = sample(true);
	struct reach r;

	reach_open(&r, path);
	check(r.table != GRAPH_NONE, "the table is found");
	check(reach_syscall(&r, "write") == REACHED_BY_NAME,
	      "by name wins over the table");
	check(reach_syscall(&r, "t5") == REACHED_BY_TABLE, "by the table");
	check(reach_syscall(&r, "fork") == REACHED_NOT, "not in the table");
	check_list(&r, "t5", reach_chain, "halvm_start > main > syscall",
		   "the chain to syscall(2)");
	check_list(&r, "t5", reach_callers, "", "nobody calls it by name");
	reach_close(&r);
	free(path);
}

static void open_path(void *path)
{
	struct reach r;

	reach_open(&r, path);
}

int main(void)
{
	char junk[] = "/dev/null/x";

	halvm_set_progname("halvm-ld");
	test_plain();
	test_table();
	check_dies(open_path, junk, EXIT_FAILED, "can't read", "no such file");
	return check_done();
}
