/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/lines.c and driver/target.c. */
#include "config.h"

#include <sys/stat.h>

#include "check.h"
#include "target.h"

#define REST                                                                   \
	"title = T\nsyscalls = bare\nruntime = r.o\nscript = l.lds\n"          \
	"format = elf-static\n"
#define WHOLE "name = kvm\n" REST

static void test_good(void)
{
	static const char text[] = "# comment\n\n"
				   "  name=kvm # the name\r\n"
				   "title\t=  A unikernel = small  \n"
				   "syscalls = bare\n"
				   "runtime = runtime.o\n"
				   "script = link.lds\n"
				   "format = elf-pvh";
	struct target t;
	struct parse_error e;
	check(target_parse(text, strlen(text), &t, &e), "it parses");
	check_str(t.name, "kvm", "name");
	check_str(t.title, "A unikernel = small", "title");
	check_str(t.syscalls, "bare", "syscalls");
	check_str(t.strict_syscalls, "bare", "strict-syscalls' default");
	check_str(t.runtime, "runtime.o", "runtime");
	check_str(t.script, "link.lds", "script");
	check_str(t.format, "elf-pvh", "format without a newline after it");
	target_free(&t);
	check(target_parse(WHOLE "strict-syscalls = x\n",
			   strlen(WHOLE "strict-syscalls = x\n"), &t, &e),
	      "it parses with strict-syscalls");
	check_str(t.strict_syscalls, "x", "strict-syscalls");
	target_free(&t);
	static const char more[] = WHOLE
	    "run = qemu\nboot = pvh\nmachines = microvm pc\nroot = segment\n";
	check(target_parse(more, strlen(more), &t, &e),
	      "it parses with what a runner needs");
	check_str(t.run, "qemu", "run");
	check_str(t.boot, "pvh", "boot");
	check_str(t.machines, "microvm pc", "machines");
	check_str(t.root, "segment", "root");
	target_free(&t);
}

static const struct {
	const char *text;
	unsigned line;
	const char *part;
} bad[] = {
    {"", 0, "'name' is missing"},
    {"name = kvm\n", 0, "'title' is missing"},
    {REST, 0, "'name' is missing"},
    {WHOLE "colour = red\n", 7, "unknown key 'colour'"},
    {"name = kvm\n\n# x\n" WHOLE, 4, "'name' is given twice"},
    {"name kvm\n", 1, "not a 'key = value' line"},
    {"= kvm\n", 1, "no key"},
    {"name =\n", 1, "'name' has no value"},
    {"name = # kvm\n", 1, "'name' has no value"},
    {"name = ../x\n", 1, "lower-case word"},
    {"name = KVM\n", 1, "lower-case word"},
    {"name = -x\n", 1, "lower-case word"},
    {"runtime = ../../r.o\n", 1, "plain file name"},
    {"script = /l.lds\n", 1, "plain file name"},
    {"script = ..\n", 1, "plain file name"},
    {WHOLE "boot = floppy\n", 0, "'boot' must be pvh or disk"},
    {WHOLE "run = qemu\nmachines = pc\n", 0, "needs 'boot'"},
    {WHOLE "run = qemu\nboot = disk\n", 0, "needs 'machines'"},
    {WHOLE "machines = pc,usb=on\n", 0, "names, blanks"},
};

static void test_bad(void)
{
	struct target t;
	struct parse_error e;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *text = bad[i].text;
		bool ok = target_parse(text, strlen(text), &t, &e);
		if (!check(!ok && e.line == bad[i].line &&
			       strstr(e.text, bad[i].part) && !t.name,
			   "bad description %zu", i))
			printf("# %u: %s\n", e.line, ok ? "" : e.text);
	}
	check(!target_parse("name = a\0b\n", 11, &t, &e) && e.line == 1,
	      "a NUL byte");
	char key[500];
	memset(key, 'k', sizeof(key));
	memcpy(key + sizeof(key) - 3, "=v", 3);
	check(!target_parse(key, strlen(key), &t, &e) && strlen(e.text) < 120,
	      "a long key is cut in the message");
}

static void machine(void *asked)
{
	struct target t = {.name = "vmware", .machines = "pc q35\tx-y"};

	free(target_machine(&t, asked));
}

static void test_machines(void)
{
	static const char text[] =
	    WHOLE "run = qemu\nboot = disk\nmachines = pc \t q35\n";
	struct parse_error e;
	struct target t;
	char *name;

	check(target_parse(text, strlen(text), &t, &e) && target_boots_disk(&t),
	      "it boots from a disk");
	name = target_machine(&t, NULL);
	check_str(name, "pc", "the first machine is the default");
	free(name);
	name = target_machine(&t, "q35");
	check_str(name, "q35", "one of the list");
	free(name);
	name = target_machine(&t, "pc-i440fx-7.2");
	check_str(name, "pc-i440fx-7.2", "one of a release of QEMU");
	free(name);
	target_free(&t);
	check_dies(machine, "microvm", 2, "boots on one of: pc q35",
		   "none of the list");
	check_dies(machine, "p", 2, "boots on one of", "half a name");
	check_dies(machine, "pcx", 2, "boots on one of", "more than a name");
	check(target_parse(WHOLE, strlen(WHOLE), &t, &e) &&
		  !target_boots_disk(&t),
	      "others don't boot from a disk");
	target_free(&t);
}

static struct install in;

static void write_target(const char *name, const char *inside,
			 const char *runtime)
{
	char *dir = xasprintf("%s/targets/%s", in.libdir, name);
	char *path = path_join(dir, "target.conf");
	mkdir(dir, 0700);
	FILE *f = fopen(path, "w");
	fprintf(f, "name = %s\n%s", inside, REST);
	fclose(f);
	free(path);
	if (runtime) {
		path = path_join(dir, runtime);
		fclose(fopen(path, "w"));
		free(path);
	}
	free(dir);
}

static void load(void *name)
{
	struct target t;
	target_load(&in, name, &t);
	target_need_built(&in, &t);
}

static void test_installed(void)
{
	struct strlist names = {0};
	struct target t;
	in.libdir = path_join(temp_dir(), "l ib");
	mkdir(in.libdir, 0700);
	check_dies(load, "linux", 1, "the installation is incomplete",
		   "no targets at all");
	char *targets = path_join(in.libdir, "targets");
	mkdir(targets, 0700);
	write_target("zz", "zz", "r.o");
	write_target("linux", "linux", "r.o");
	write_target("kvm", "kvm", NULL);
	write_target("odd", "other", NULL);
	write_target("Not-one", "x", NULL);
	target_list(&in, &names);
	char *all = strlist_join(&names, " ");
	check_str(all, "kvm linux odd zz", "the list is sorted");
	free(all);
	strlist_free(&names);
	target_load(&in, "linux", &t);
	char *runtime = path_join(targets, "linux/r.o");
	check_str(t.runtime, runtime, "paths become absolute");
	check(t.built, "its runtime is built");
	free(runtime);
	target_free(&t);
	target_load(&in, "kvm", &t);
	check(!t.built, "its runtime isn't built");
	target_free(&t);
	check_dies(load, "xen", 2,
		   "unknown target 'xen'; the known ones: kvm, linux, odd, zz",
		   "an unknown target");
	check_dies(load, "../targets/linux", 2, "unknown target",
		   "a path is no name");
	check_dies(load, "", 2, "unknown target ''", "nor is nothing");
	check_dies(load, "odd", 1, "the name in it is 'other', not 'odd'",
		   "another name inside");
	write_target("odd", "odd", NULL);
	check_dies(load, "kvm", 1, "the built ones: linux, zz",
		   "a known target that isn't built");
	free(targets);
	free(in.libdir);
}

static void test_choice(void)
{
	unsetenv("HALVM_TARGET");
	check_str(target_choice(NULL), "linux", "the default");
	check_str(target_choice("kvm"), "kvm", "the command line");
	setenv("HALVM_TARGET", "xen", 1);
	check_str(target_choice(NULL), "xen", "the environment");
	check_str(target_choice("kvm"), "kvm", "the command line wins");
	setenv("HALVM_TARGET", "", 1);
	check_str(target_choice(NULL), "linux", "empty is unset");
}

int main(void)
{
	test_good();
	test_bad();
	test_machines();
	test_installed();
	test_choice();
	return check_done();
}
