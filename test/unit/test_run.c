/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/run_args.c, run_qemu.c and run_disk.c: command lines. */
#include "config.h"

#include <stdint.h>

#include "check.h"
#include "guest_line.h"
#include "run.h"

static void words(const char *line, struct strlist *out)
{
	char *copy = xstrdup(line), *p, *save;

	for (p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save))
		strlist_push(out, p);
	free(copy);
}

/* The words of a line, as the guest reads them (runtime/boot/options.h). */
static void read_guest(const char *p, struct strlist *out)
{
	for (;;) {
		char word[256];
		size_t n = 0;
		bool quoted = false;

		p += strspn(p, " \t\r\n");
		if (!*p)
			return;
		for (; *p && (quoted || !strchr(" \t\r\n", *p)); p++) {
			if (*p == '"') {
				quoted = !quoted;
				continue;
			}
			if (*p == '\\' && p[1])
				p++;
			word[n++] = *p;
		}
		word[n] = 0;
		strlist_push(out, word);
	}
}

static const char *const odd[] = {
    "plain", "",   "a b",     "\"", "\\",   "a\"b\\c d", "'",
    "\n",    "\t", "-- x",    "--", "\\\"", "\xc3\xa9",	 "halvm.host=x",
    "$HOME", "*",  "a\\ \"b", "~",  "#",    "!",	 "\x01",
};

static void test_guest_words(void)
{
	struct strlist back = {0};
	char *line = xstrdup("");
	bool same = true;

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++)
		guest_line_word(&line, odd[i]);
	read_guest(line, &back);
	for (size_t i = 0; same && i < ARRAY_SIZE(odd); i++)
		same = i < back.n && strcmp(back.v[i], odd[i]) == 0;
	check(same && back.n == ARRAY_SIZE(odd), "odd words reach the guest");
	strlist_free(&back);
	free(line);
}

static void test_shell_words(void)
{
	struct strlist argv = {0};
	char *out, *script = xstrdup("printf '%s|'");

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		char *word = run_quote_shell(odd[i]);
		char *more = xasprintf("%s %s", script, word);
		free(word);
		free(script);
		script = more;
	}
	strlist_push(&argv, "sh");
	strlist_push(&argv, "-c");
	strlist_push(&argv, script);
	check(run_capture(argv.v, &out) == 0, "a shell takes them");
	char *want = xstrdup("");
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		char *more = xasprintf("%s%s|", want, odd[i]);
		free(want);
		want = more;
	}
	check_str(out, want, "and reads them back");
	free(want);
	free(out);
	free(script);
	strlist_free(&argv);
}

static void test_args(void)
{
	struct strlist l = {0};
	struct run_args a;

	words("--memory 64 --cpus=2 --env=A=1 --env B=2 --gdb --timeout=0.5 "
	      "--accel=tcg --machine=q35 --console=virtio -v img -- --x -- y",
	      &l);
	check(run_args_parse(&a, &l) == RUN_IT, "a command line");
	check_str(a.memory, "64M", "mebibytes by default");
	check(a.cpus == 2 && a.env.n == 2 && a.gdb == 1234 &&
		  a.timeout == 0.5 && a.accel == ACCEL_TCG && a.verbose &&
		  a.console == CONSOLE_VIRTIO,
	      "its values");
	check_str(a.image, "img", "the image");
	char *args = strlist_join(&a.args, "|");
	check_str(args, "--x|--|y", "the first -- goes, and no other");
	free(args);
	run_args_free(&a);
	strlist_free(&l);
	words("img -v --help", &l);
	check(run_args_parse(&a, &l) == RUN_IT && a.args.n == 2 && !a.verbose,
	      "what follows the image is the program's");
	run_args_free(&a);
	strlist_free(&l);
	words("-- -img", &l);
	check(run_args_parse(&a, &l) == RUN_IT, "-- before the image");
	check_str(a.image, "-img", "lets it begin with a dash");
	run_args_free(&a);
	strlist_free(&l);
	words("--memory=1G --help", &l);
	check(run_args_parse(&a, &l) == RUN_HELP, "--help needs no image");
	run_args_free(&a);
	strlist_free(&l);
}

static const struct {
	const char *line, *part;
} bad[] = {
    {"", "no image"},
    {"--memory", "needs a value"},
    {"--memory= x", "needs a value"},
    {"--memory=0 x", "must be a number"},
    {"--memory=12Q x", "must be a number"},
    {"--memory=-1 x", "must be a number"},
    {"--cpus=0 x", "from 1 to"},
    {"--cpus=1000 x", "from 1 to"},
    {"--gdb=99999 x", "from 1 to"},
    {"--accel=hvf x", "must be auto, kvm or tcg"},
    {"--console=vga x", "must be serial or virtio"},
    {"--machine=pc,usb=on x", "no name of a machine"},
    {"--timeout=0 x", "seconds above 0"},
    {"--timeout=inf x", "seconds above 0"},
    {"--env== x", "the name is empty"},
    {"--log-level=loud x", "must be error, warning, info or debug"},
    {"--frobnicate x", "unknown option --frobnicate"},
    {"--dry-run=yes x", "takes no value"},
    {"--disk-controller=scsi x", "must be pvscsi, ahci, ide or lsi"},
    {"--firmware=uboot x", "must be bios or uefi"},
};

static void parse_line(void *line)
{
	struct strlist l = {0};
	struct run_args a;

	words(line, &l);
	run_args_parse(&a, &l);
}

static void plan(const char *line, struct run_args *a, struct run_plan *p)
{
	static struct target t = {
	    .name = "kvm", .boot = "pvh", .machines = "microvm pc q35"};
	struct strlist l = {0};

	words(line, &l);
	run_args_parse(a, &l);
	strlist_free(&l);
	*p = (struct run_plan){
	    .args = a, .target = &t, .image = a->image, .accel = ACCEL_TCG};
}

static char *command(const char *line)
{
	struct run_args a;
	struct run_plan p;
	struct strlist argv = {0};
	char *text;

	plan(line, &a, &p);
	run_qemu_command(&p, &argv);
	text = strlist_join(&argv, " ");
	strlist_free(&argv);
	run_args_free(&a);
	return text;
}

static void command_of(void *line)
{
	command(line);
}

static void has(const char *line, const char *part)
{
	char *text = command(line);

	if (!check(strstr(text, part) != NULL, "%s: %s", line, part))
		printf("# got %s\n", text);
	free(text);
}

/* The same for a target whose images boot from a disk. */
static struct target on_disk = {
    .name = "vmware", .boot = "disk", .machines = "pc q35"};

static char *disk_command(const char *line)
{
	struct run_args a;
	struct run_plan p;
	struct strlist argv = {0};
	char *text;

	plan(line, &a, &p);
	p.target = &on_disk;
	run_disk_check(&p);
	p.disk = "a,b.raw";
	run_qemu_command(&p, &argv);
	text = strlist_join(&argv, " ");
	strlist_free(&argv);
	run_args_free(&a);
	return text;
}

static void disk_has(const char *line, const char *part)
{
	char *text = disk_command(line);

	if (!check(strstr(text, part) != NULL, "%s: %s", line, part))
		printf("# got %s\n", text);
	free(text);
}

static void disk_refused(void *line)
{
	disk_command(line);
}

static void test_disk(void)
{
	char *text;

	disk_has("--qemu=q x", "-machine pc,vmport=on -accel tcg -cpu max ");
	disk_has("--qemu=q x", "-serial chardev:console ");
	disk_has("--qemu=q x", "-smbios type=1,manufacturer=VMware,, Inc.,");
	disk_has("--qemu=q x", "file=a,,b.raw -device pvscsi,id=disks ");
	disk_has("--qemu=q --disk-controller=lsi x", "-device lsi53c895a,");
	disk_has("--qemu=q --disk-controller=ide x", " ide-hd,bus=ide.0,");
	disk_has("--qemu=q --disk-controller=ahci x",
		 "-device ich9-ahci,id=disks -device ide-hd,bus=disks.0,");
	disk_has("--qemu=q --disk-controller=ahci --machine=q35 x",
		 "raw -device ide-hd,bus=ide.0,");
	disk_has("--qemu=q --qemu-arg=-foo x", "bootindex=0 -foo");
	disk_has("--qemu=q --gdb=99 x", "-S -gdb tcp:127.0.0.1:99 ");
	setenv("HALVM_OVMF", "/dev/null", 1);
	disk_has("--qemu=q --firmware=uefi x", "-bios /dev/null ");
	disk_has("--qemu=q --firmware=uefi x", "-device ich9-ahci,id=disks ");
	setenv("HALVM_OVMF", "/nonexistent", 1);
	check_dies(disk_refused, "--qemu=q --firmware=uefi x", 1,
		   "HALVM_OVMF names '/nonexistent'", "no such firmware");
	unsetenv("HALVM_OVMF");
	text = disk_command("--qemu=q x a b");
	check(!strstr(text, "-kernel") && !strstr(text, "isa-debug-exit") &&
		  !strstr(text, "halvm.") && !strstr(text, "isa-debugcon"),
	      "what a VMware machine hasn't");
	free(text);
}

static const struct {
	const char *line;
	int status;
	const char *part;
} refused[] = {
    {"--machine=microvm x", 2, "an image for vmware boots on one of: pc q35"},
    {"--console=virtio x", 2, "a serial port only"},
    {"--firmware=uefi --disk-controller=pvscsi x", 2, "ahci or ide"},
    {"--firmware=uefi --disk-controller=lsi x", 2, "no driver for it"},
    {"--disk-controller=ide --machine=q35 x", 2, "pc has"},
    {"--disk-controller=ide --machine=pc-q35-7.2 x", 2, "pc has"},
    {"--firmware=uefi --memory=32 x", 1, "48M at least"},
};

static void no_disk(void *line)
{
	struct run_args a;
	struct run_plan p;

	plan(line, &a, &p);
	run_disk_check(&p);
}

static void test_refused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		check_dies(disk_refused, (void *)(uintptr_t)refused[i].line,
			   refused[i].status, refused[i].part, refused[i].line);
	check_dies(no_disk, "--firmware=bios x", 2,
		   "--firmware: 'x' is for kvm", "firmware without a disk");
	check_dies(no_disk, "--disk-controller=ide x", 2,
		   "--disk-controller: 'x' is for kvm",
		   "a controller without a disk");
	check_dies(command_of, "--qemu=q --machine=isapc x", 2,
		   "boots on one of: microvm pc q35", "kvm's machines");
}

static void test_memory(void)
{
	check(run_memory_size("1K") == 1024 &&
		  run_memory_size("3M") == 3 << 20 &&
		  run_memory_size("5G") == 5ull << 30 &&
		  run_memory_size("2T") == 2ull << 40 &&
		  run_memory_size("7m") == 7 << 20,
	      "sizes of memory");
}

static void too_long(void *arg)
{
	struct run_args a;
	struct run_plan p;
	char word[5000];

	(void)arg;
	plan("--qemu=q x", &a, &p);
	memset(word, 'x', sizeof(word));
	word[sizeof(word) - 1] = 0;
	strlist_push(&a.args, word);
	run_guest_line(&p, "", 4095);
}

static void test_command(void)
{
	has("--qemu=q x", "q -nodefaults -no-user-config -machine microvm,");
	has("--qemu=q x", "-accel tcg -cpu max -m 512M -smp 1 ");
	has("--qemu=q x", "-kernel x -append ");
	has("--qemu=q x a b", " halvm.argv0=x -- a b");
	has("--qemu=q --machine=q35 x", "-machine q35 ");
	has("--qemu=q --console=virtio x",
	    "-device virtio-serial-device,bus=virtio-mmio-bus.0 "
	    "-device virtserialport,nr=1,chardev=console");
	has("--qemu=q --console=virtio x",
	    "halvm.virtio-mmio=512@0xfeb00000:5 ");
	has("--qemu=q --console=virtio --machine=pc x",
	    "-device virtio-serial-pci ");
	has("--qemu=q --qemu-arg=-foo x",
	    "halvm.virtio-mmio=512@0xfeb00e00:12 ");
	has("--qemu=q --qemu-arg=-foo x", "-- -foo");
	has("--qemu=q --log=a,b x", "path=a,,b ");
	has("--qemu=q --gdb=99 x", "-S -gdb tcp:127.0.0.1:99 ");
	has("--qemu=q --env=A=b --cwd=/d --host-name=h x",
	    "halvm.host=h halvm.cwd=/d ");
	has("--qemu=q --console=serial --clear-env --env=A=b x",
	    "=pipe halvm.env=A=b ");
	check_dies(too_long, NULL, 1, "at most", "arguments that don't fit");
}

/* A file of n bytes, those of `part` at `at`; what it is. */
static bool is_disk(size_t n, size_t at, const char *part, size_t len,
		    struct run_disk_file *d)
{
	char *path = path_join(temp_dir(), "disk"), *bytes = xmalloc(n);
	FILE *f = fopen(path, "w");
	bool known;

	memset(bytes, 0, n);
	memcpy(bytes + at, part, len);
	fwrite(bytes, 1, n, f);
	fclose(f);
	known = run_disk_file(path, d);
	free(bytes);
	free(path);
	return known;
}

/* The header of a file in a tar. */
static void tar_file(char *head, const char *name, const char *size)
{
	memset(head, 0, 512);
	strcpy(head, name);
	strcpy(head + 124, size);
	strcpy(head + 257, "ustar");
}

static void test_disk_files(void)
{
	struct run_disk_file d;
	char tar[2048] = {0};

	check(is_disk(4096, 0, "QFI\xfb", 4, &d) && !strcmp(d.format, "qcow2"),
	      "qcow2");
	check(is_disk(4096, 0, "KDMV", 4, &d) && !strcmp(d.format, "vmdk"),
	      "vmdk");
	check(is_disk(40960, 32769, "CD001", 5, &d) && d.is_cd, "a CD");
	check(is_disk(4096, 510, "\x55\xaa", 2, &d) && !d.is_cd &&
		  !strcmp(d.format, "raw"),
	      "a raw disk");
	check(!is_disk(4095, 510, "\x55\xaa", 2, &d), "no whole sectors");
	check(!is_disk(512, 510, "\x55\xaa", 2, &d), "one sector");
	check(!is_disk(0, 0, "", 0, &d), "an empty file");
	check(!is_disk(40960, 0, "\177ELF", 4, &d), "an executable");
	tar_file(tar, "a.ovf", "00000000003");
	tar_file(tar + 1024, "a.vmdk", "00000000777");
	check(is_disk(2048, 0, tar, sizeof(tar), &d) && d.at == 1536 &&
		  d.size == 511 && !strcmp(d.format, "vmdk"),
	      "an OVA");
	check(!is_disk(2040, 0, tar, 2040, &d), "a damaged OVA");
	tar_file(tar, "a.ovf", "77777777777");
	check(!is_disk(2048, 0, tar, sizeof(tar), &d), "a file without an end");
	tar_file(tar, "a.ovf", "00000004000");
	check(!is_disk(2048, 0, tar, sizeof(tar), &d), "a file over the end");
	tar_file(tar, ".vmdk", "");
	check(!is_disk(600, 0, tar, 600, &d), "nothing but a name's end");
}

int main(void)
{
	halvm_set_progname("halvm-run");
	unsetenv("HALVM_ACCEL");
	test_guest_words();
	test_shell_words();
	test_args();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		check_dies(parse_line, (void *)(uintptr_t)bad[i].line,
			   EXIT_USAGE, bad[i].part, bad[i].line);
	test_command();
	test_disk();
	test_refused();
	test_memory();
	test_disk_files();
	return check_done();
}
