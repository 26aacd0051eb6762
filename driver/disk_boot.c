/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GRUB's part of a disk. grub-mkimage makes it from the modules of GRUB's
 * packages; it takes a tenth of a second, and is the same for all disks, so it
 * is kept in the cache, under a name that follows from everything it is made
 * of: the modules' folder, grub-mkimage itself, and what GRUB is told to do.
 *
 * There are neither a menu nor its interpreter in it: the few lines are
 * carried out by the parser that GRUB's core has.
 *
 * For BIOS most modules are files, since GRUB packs its core so small that
 * unpacking takes longer than all else of a start.
 */
#include "config.h"
#include "disk_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "install.h"
#include "sha256.h"
#include "util.h"

#define GRUB_FOLDER "/usr/lib/grub"
/* Of boot.img: the disk's number, the table and the magic, all to be set. */
enum { TABLE_AT = 440, TABLE_LEN = 72 };

static const char *const what_boots[] = {"multiboot2", NULL};
static const char *const what_resets[] = {"reboot", NULL};

static const struct kind {
	const char *platform; /* folder of modules */
	const char *format;   /* grub-mkimage's -O */
	const char *package, *prefix;
	const char *file;
	bool as_files; /* most modules aren't in it */
	const char *modules[8];
} kinds[] = {
    [DISK_GRUB_CORE] = {"i386-pc",
			"i386-pc",
			"grub-pc-bin",
			"(,msdos1)/",
			"core.img",
			true,
			{"biosdisk", "part_msdos", "fat"}},
    [DISK_GRUB_CD] = {"i386-pc",
		      "i386-pc-eltorito",
		      "grub-pc-bin",
		      "(cd)/",
		      "cd.img",
		      false,
		      {"biosdisk", "iso9660", "multiboot2", "reboot"}},
    [DISK_GRUB_EFI] = {"x86_64-efi",
		       "x86_64-efi",
		       "grub-efi-amd64-bin",
		       "/",
		       "bootx64.efi",
		       false,
		       {"part_msdos", "fat", "iso9660", "multiboot2",
			"reboot"}},
};

static char *modules_folder(const struct kind *k)
{
	const char *env = getenv("HALVM_GRUB_DIR");

	return path_join(env && *env ? env : GRUB_FOLDER, k->platform);
}

static bool have(const struct kind *k)
{
	char *folder = modules_folder(k);
	char *kernel = path_join(folder, "kernel.img");
	bool there = file_exists(kernel);

	free(kernel);
	free(folder);
	return there;
}

static char *need(const struct kind *k)
{
	char *folder = modules_folder(k);

	if (!have(k))
		die(EXIT_FAILED,
		    "there is no '%s/kernel.img': install GRUB (Debian: the "
		    "package %s), or set HALVM_GRUB_DIR to the folder of its "
		    "modules",
		    folder, k->package);
	return folder;
}

unsigned disk_firmware(void)
{
	return DISK_BIOS | (have(&kinds[DISK_GRUB_EFI]) ? DISK_EFI : 0);
}

/* Everything about a file that changes when it is replaced. */
static void add_identity(struct sha256 *s, const char *path)
{
	struct stat st = {0};

	if (stat(path, &st) < 0)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	sha256_add(s, path, strlen(path) + 1);
	sha256_add(s, &st.st_size, sizeof(st.st_size));
	sha256_add(s, &st.st_mtim, sizeof(st.st_mtim));
	sha256_add(s, &st.st_ctim, sizeof(st.st_ctim));
}

/* The cached file's path, its folder made; NULL if there can be no cache. */
static char *cache_path(const struct kind *k, const char *folder,
			const char *mkimage, const char *config)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	const char *below[] = {"halvm", "boot"};
	char digest[2 * SHA256_SIZE + 1], *dir, *name, *path;
	struct sha256 s;

	if (base && *base == '/')
		dir = xstrdup(base);
	else if (home && *home == '/')
		dir = path_join(home, ".cache");
	else
		return NULL;
	mkdir(dir, 0700);
	for (size_t i = 0; i < ARRAY_SIZE(below); i++) {
		char *longer = path_join(dir, below[i]);

		free(dir);
		dir = longer;
		mkdir(dir, 0777);
	}
	sha256_begin(&s);
	sha256_add(&s, config, strlen(config) + 1);
	sha256_add(&s, k->prefix, strlen(k->prefix) + 1);
	for (const char *const *m = k->modules; *m; m++)
		sha256_add(&s, *m, strlen(*m) + 1);
	add_identity(&s, mkimage);
	path = path_join(folder, "kernel.img");
	add_identity(&s, path);
	free(path);
	path = path_join(folder, "moddep.lst");
	add_identity(&s, path);
	free(path);
	sha256_hex(&s, digest);
	name = xasprintf("%.32s-%s", digest, k->file);
	path = path_join(dir, name);
	free(name);
	free(dir);
	return path;
}

/* Moves it in as a whole: others may be doing the same. */
static bool put_into_cache(const char *made, const char *path)
{
	char *temp = xasprintf("%s.XXXXXX", path);
	int fd = mkstemp(temp);
	size_t len = 0;
	char *data = read_file(made, &len);
	bool ok = data && fd >= 0;

	for (size_t done = 0; ok && done < len;) {
		ssize_t n = write(fd, data + done, len - done);

		ok = n > 0;
		done += ok ? (size_t)n : 0;
	}
	ok = ok && fchmod(fd, 0644) == 0 && rename(temp, path) == 0;
	if (fd >= 0) {
		close(fd);
		if (!ok)
			unlink(temp);
	}
	free(data);
	free(temp);
	return ok;
}

/* Runs grub-mkimage; the file it made, in temp_dir(). */
static char *mkimage_run(const struct kind *k, const char *folder,
			 const char *mkimage, const char *config)
{
	char *out = path_join(temp_dir(), k->file);
	char *commands = path_join(temp_dir(), "grub.cfg");
	FILE *f = fopen(commands, "we");
	struct strlist argv = {0};

	if (f)
		fputs(config, f);
	if (!f || (ferror(f) | fclose(f)))
		die(EXIT_FAILED, "can't write '%s': %s", commands,
		    strerror(errno));
	strlist_push(&argv, mkimage);
	strlist_pushf(&argv, "--directory=%s", folder);
	strlist_pushf(&argv, "--format=%s", k->format);
	strlist_pushf(&argv, "--prefix=%s", k->prefix);
	strlist_pushf(&argv, "--config=%s", commands);
	strlist_pushf(&argv, "--output=%s", out);
	for (const char *const *m = k->modules; *m; m++)
		strlist_push(&argv, *m);
	if (run_wait(argv.v) != 0)
		die(EXIT_FAILED, "'%s' failed", mkimage);
	strlist_free(&argv);
	free(commands);
	return out;
}

/* grub-mkimage's work, or what the cache has of it. */
static struct bytes program(struct disk *d, const struct kind *k,
			    const char *folder, const char *config)
{
	static const char *const names[] = {"grub-mkimage", NULL};
	char *mkimage =
	    host_tool("HALVM_GRUB_MKIMAGE", names,
		      "grub-mkimage (Debian: the package grub-common)");
	char *cached = cache_path(k, folder, mkimage, config), *made;
	struct bytes b = {NULL, 0};

	if (cached && file_exists(cached))
		b = disk_map(d, cached);
	/* An empty one is what a crash of the host leaves. */
	if (b.len == 0) {
		made = mkimage_run(k, folder, mkimage, config);
		if (cached)
			put_into_cache(made, cached);
		b = disk_map(d, made);
		free(made);
	}
	free(cached);
	free(mkimage);
	return b;
}

/*
 * Modules from `first` on of the order in which they are loaded become files,
 * and lines that load them.
 */
static void add_modules(struct disk *d, struct disk_grub *g, const char *folder,
			const struct strlist *order, size_t first,
			struct strlist *lines)
{
	for (size_t i = first; i < order->n; i++) {
		struct disk_file *f = &g->modules[g->n];
		char *file = xasprintf("%s.mod", order->v[i]);
		char *path = path_join(folder, file);
		char *name = disk_alloc(d, 13);

		if (g->n == DISK_MODULES_MAX)
			die(EXIT_FAILED, "'%s': GRUB has too many modules",
			    folder);
		snprintf(name, 13, "M%02zu.MOD", g->n++);
		*f = (struct disk_file){name, {disk_map(d, path), {NULL, 0}}};
		strlist_pushf(lines, "insmod /" DISK_MODULES_FOLDER "/%s\n",
			      name);
		free(path);
		free(file);
	}
}

void disk_grub(struct disk *d, enum disk_grub_kind kind,
	       const struct disk_files *files, struct disk_grub *g)
{
	const struct kind *k = &kinds[kind];
	struct strlist lines = {0}, order = {0};
	char *folder = need(k), *config;
	size_t booting = 0;

	g->n = 0;
	if (k->as_files) {
		disk_modules(folder, k->modules, &order);
		booting = order.n;
		disk_modules(folder, what_boots, &order);
		add_modules(d, g, folder, &order, booting, &lines);
		booting = order.n;
	}
	strlist_push(&lines, "multiboot2 /image.elf\n"
			     "module2 /cmdline.txt " DISK_LINE_MODULE "\n");
	if (files->root)
		strlist_push(&lines, "module2 /root.cpi root\n");
	strlist_push(&lines, "boot\n");
	if (k->as_files && files->reboot) {
		disk_modules(folder, what_resets, &order);
		add_modules(d, g, folder, &order, booting, &lines);
	}
	if (files->reboot)
		strlist_push(&lines, "reboot\n");
	config = strlist_join(&lines, "");
	g->program = program(d, k, folder, config);
	free(config);
	strlist_free(&lines);
	strlist_free(&order);
	free(folder);
}

uint8_t *disk_boot_sector(struct disk *d)
{
	char *folder = need(&kinds[DISK_GRUB_CORE]);
	char *path = path_join(folder, "boot.img");
	struct bytes b = disk_map(d, path);
	uint8_t *sector = disk_alloc(d, DISK_SECTOR);

	if (b.len != DISK_SECTOR)
		die(EXIT_FAILED, "'%s' has %llu bytes, and should have %u",
		    path, (unsigned long long)b.len, DISK_SECTOR);
	memcpy(sector, b.data, DISK_SECTOR);
	memset(sector + TABLE_AT, 0, TABLE_LEN);
	free(path);
	free(folder);
	return sector;
}
