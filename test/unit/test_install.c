/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/install.c: finding the installation and the host's tools. */
#include "config.h"

#include <sys/stat.h>

#include "check.h"
#include "install.h"
#include "util.h"

static void resolves(const char *dir, const char *part, const char *want)
{
	char *got = path_resolve(dir, part);
	char *name = xasprintf("%s from %s", part, dir);
	check_str(got, want, name);
	free(name);
	free(got);
}

static void test_resolve(void)
{
	resolves("/usr/bin", "../lib/halvm", "/usr/lib/halvm");
	resolves("/bin", "../lib/halvm", "/lib/halvm");
	resolves("/a b/c", "././/d/../e", "/a b/c/e");
	resolves("/a", "../../../b", "/b");
	resolves("/a", "/x/../y", "/y");
	resolves("/a/b", "", "/a/b");
}

static void test_find(void)
{
	struct install in;
	char here[4096];
	ssize_t n = readlink("/proc/self/exe", here, sizeof(here) - 1);
	here[n > 0 ? n : 0] = '\0';
	unsetenv("HALVM_SYSROOT");
	install_find(&in);
	char *dir = path_dirname(here);
	check_str(in.bindir, dir, "the program's folder");
	char *lib = path_resolve(dir, HALVM_LIBREL);
	check_str(in.libdir, lib, "the library folder beside it");
	char *sysroot = path_join(lib, "sysroot");
	check_str(in.sysroot, sysroot, "the sysroot in it");
	install_free(&in);
	setenv("HALVM_SYSROOT", "/else where", 1);
	install_find(&in);
	check_str(in.sysroot, "/else where", "HALVM_SYSROOT wins");
	install_free(&in);
	setenv("HALVM_SYSROOT", "-rel", 1);
	install_find(&in);
	check(in.sysroot[0] == '/' && str_ends(in.sysroot, "/-rel"),
	      "and becomes absolute");
	install_free(&in);
	free(dir);
	free(lib);
	free(sysroot);
}

static void need(void *in)
{
	install_need_sysroot(in);
}

static void conf(void *in)
{
	free(install_conf(in, "ghc"));
}

static void write_conf(const char *dir, const char *text)
{
	char *path = path_join(dir, "sysroot.conf");
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
	free(path);
}

static void test_sysroot(void)
{
	struct install in = {.sysroot = "/nothing/there"};
	check_dies(need, &in, 1, "there is no sysroot at '/nothing/there'",
		   "no sysroot");
	in.sysroot = path_join(temp_dir(), "sys root");
	mkdir(in.sysroot, 0700);
	check_dies(need, &in, 0, "", "one that is being built is taken");
	check(install_conf(&in, "ghc") == NULL, "and says nothing yet");
	write_conf(in.sysroot, "version = 3\nabi=1\nghc=9.0.2\n");
	char *v = install_conf(&in, "ghc");
	check_str(v, "9.0.2", "a value");
	free(v);
	check_dies(need, &in, 0, "", "the right ABI");
	write_conf(in.sysroot, "abi = 2\n");
	check_dies(need, &in, 1, "has ABI 2", "another ABI");
	write_conf(in.sysroot, "ghc = 1\n\nghc = 2\n");
	check_dies(conf, &in, 1, "sysroot.conf:3: 'ghc' is given twice",
		   "bad text has its file and line");
	free(in.sysroot);
}

static const char *const nothing[] = {"halvm-no-such-tool", NULL};
static const char *const tools[] = {"halvm-no-such-tool", "sh", NULL};

static void find_nothing(void *arg)
{
	host_tool("HALVM_TEST_TOOL", nothing, arg);
}

static void test_tools(void)
{
	unsetenv("HALVM_TEST_TOOL");
	char *path = host_tool("HALVM_TEST_TOOL", tools, "a shell");
	check(path && str_ends(path, "/sh"), "the first that is there");
	free(path);
	setenv("HALVM_TEST_TOOL", "/bin/true", 1);
	path = host_tool("HALVM_TEST_TOOL", tools, "a shell");
	check_str(path, "/bin/true", "the environment wins");
	free(path);
	setenv("HALVM_TEST_TOOL", "cat", 1);
	path = host_tool("HALVM_TEST_TOOL", tools, "a shell");
	check(path && str_ends(path, "/cat"), "by a name in PATH too");
	free(path);
	setenv("HALVM_TEST_TOOL", "sh -c", 1);
	check_dies(find_nothing, "x", 1, "HALVM_TEST_TOOL names 'sh -c'",
		   "it is a program, not a command line");
	setenv("HALVM_TEST_TOOL", "", 1);
	check_dies(find_nothing, "the thing", 1,
		   "install the thing, or set HALVM_TEST_TOOL", "none");
}

int main(void)
{
	test_resolve();
	test_find();
	test_sysroot();
	test_tools();
	return check_done();
}
