/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * driver/disk*.c, sha256.c, vm.c: what has no need of GRUB. Whole disks are
 * made and booted by test/bats/disk.bats.
 */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "check.h"
#include "disk_parts.h"
#include "epoch.h"
#include "sha256.h"
#include "vm.h"

/* FIPS 180-4's examples, and lengths around where the padding changes. */
static void sums(void)
{
	static const struct {
		size_t n;
		const char *sum;
	} of_a[] = {
	    {0, "e3b0c44298fc1c149afbf4c8996fb924"
		"27ae41e4649b934ca495991b7852b855"},
	    {55, "9f4390f8d30c2dd92ec9f095b65e2b9a"
		 "e9b0a925a5258e241c9f1e910f734318"},
	    {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f"
		 "590ce20f1bde7090ef7970686ec6738a"},
	    {64, "ffe054fe7ae0cb6dc65c3af9b61d5209"
		 "f439851db43d0ba5997337df154668eb"},
	    {1000000, "cdc76e5c9914fb9281a1c7e284d73e67"
		      "f1809a48a497200e046d39ccc7112cd0"},
	};
	char *text = xmalloc(1000000), sum[2 * SHA256_SIZE + 1];
	struct sha256 s;

	memset(text, 'a', 1000000);
	for (size_t i = 0; i < ARRAY_SIZE(of_a); i++)
		for (size_t step = 1; step <= 1000000; step = step * 99 + 1) {
			sha256_begin(&s);
			for (size_t at = 0; at < of_a[i].n; at += step)
				sha256_add(&s, text + at,
					   step < of_a[i].n - at
					       ? step
					       : of_a[i].n - at);
			sha256_hex(&s, sum);
			check(strcmp(sum, of_a[i].sum) == 0,
			      "sum of %zu in steps of %zu", of_a[i].n, step);
		}
	sha256_begin(&s);
	sha256_add(&s, "abc", 3);
	sha256_hex(&s, sum);
	check_str(sum,
		  "ba7816bf8f01cfea414140de5dae2223"
		  "b00361a396177a9cb410ff61f20015ad",
		  "sum of abc");
	free(text);
}

/* Pieces at 10 to 20, 20 to 25, 100 to 110 of a disk of 128 bytes. */
static void reading(void)
{
	static const char digits[] = "0123456789";
	char all[128] = {0}, buf[128], sum[65], other[65];
	struct disk d = {.size = sizeof(all)};
	bool good = true;
	uint64_t used;
	uint8_t *map;

	disk_add(&d, 5, digits, 0);
	disk_add(&d, 10, digits, 10);
	disk_add(&d, 20, digits, 5);
	disk_add(&d, 100, digits, 10);
	check(d.n == 3, "an empty piece is none");
	memcpy(all + 10, digits, 10);
	memcpy(all + 20, digits, 5);
	memcpy(all + 100, digits, 10);
	for (size_t at = 0; at < sizeof(all); at++)
		for (size_t n = 0; at + n <= sizeof(all); n++) {
			memset(buf, 'x', sizeof(buf));
			disk_read(&d, at, buf, n);
			good = good && memcmp(buf, all + at, n) == 0 &&
			       (n == sizeof(buf) || buf[n] == 'x');
		}
	check(good, "every part of a disk reads as it should");
	map = disk_used(&d, 16, &used);
	check(used == 3 && map[0] && map[1] && !map[2] && !map[5] && map[6] &&
		  !map[7],
	      "chunks with data are known");
	free(map);
	disk_digest(&d, sum);
	d.pieces[2].at++;
	disk_digest(&d, other);
	check(strcmp(sum, other) != 0, "the digest knows where a piece is");
	disk_free(&d);
}

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		die(EXIT_FAILED, "can't write '%s'", path);
}

/* A child has another temp_dir(). */
static const char *folder;

static void order_of(void *arg)
{
	const char *const *wanted = arg;
	struct strlist order = {0};

	disk_modules(folder, wanted, &order);
}

static void modules(void)
{
	static const char *const boot[] = {"boot", NULL};
	static const char *const both[] = {"fat", "boot", NULL};
	static const char *const none[] = {"nosuch", NULL};
	static const char *const lost[] = {"needs-lost", NULL};
	static const char *const circle[] = {"a", NULL};
	char *path, *text;
	struct strlist order = {0};

	folder = temp_dir();
	path = path_join(folder, "moddep.lst");
	write_text(path, "fat: fshelp\nfshelp:\nboots: fat\n"
			 "boot: video mmap\nvideo: mmap\nmmap:\n"
			 "needs-lost: lost\na: b\nb: c\nc: a\n");
	disk_modules(folder, boot, &order);
	text = strlist_join(&order, " ");
	check_str(text, "mmap video boot", "a module follows what it needs");
	free(text);
	disk_modules(folder, both, &order);
	text = strlist_join(&order, " ");
	check_str(text, "mmap video boot fshelp fat", "and comes once");
	free(text);
	strlist_free(&order);
	disk_modules(folder, circle, &order);
	text = strlist_join(&order, " ");
	check_str(text, "c b a", "a circle has an end");
	free(text);
	strlist_free(&order);
	check_dies(order_of, (void *)none, EXIT_FAILED, "nosuch",
		   "an unknown module is named");
	check_dies(order_of, (void *)lost, EXIT_FAILED, "lost",
		   "and so is one that another needs");
	remove(path);
	check_dies(order_of, (void *)boot, EXIT_FAILED, "moddep.lst",
		   "no list of modules");
	free(path);
}

static uint32_t le(const uint8_t *p, int n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* Follows the chain of the root directory's n-th entry; its length, or 0. */
static uint32_t chain(const uint8_t *fs, unsigned n)
{
	uint32_t cluster_size = fs[13] * DISK_SECTOR;
	uint32_t fat = le(fs + 14, 2) * DISK_SECTOR;
	uint32_t root = fat + 2 * le(fs + 22, 2) * DISK_SECTOR;
	const uint8_t *e = fs + root + 32 * (size_t)n;
	uint32_t size = le(e + 28, 4), c = le(e + 26, 2), have = 0, next;

	for (; c >= 2 && c < 0xfff0; c = next) {
		next = le(fs + fat + 2 * (size_t)c, 2);
		have += cluster_size;
		if (next != c + 1 && next != 0xffff)
			return 0;
	}
	return have >= size && have - size < cluster_size ? size : 0;
}

/* File systems around the sizes where clusters become larger. */
static void fat_sizes(void)
{
	static const uint64_t sizes[] = {1,	   511,	    512,     513,
					 2000000,  2100000, 4000000, 33500000,
					 33600000, 70000000};
	uint8_t *data = xcalloc(1, 70000000);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct disk_file f = {"IMAGE.ELF", {{data, sizes[i]}, {0}}};
		struct fat fat = {.files = &f, .n = 1};
		struct disk d = {0};
		uint64_t at = 0;
		bool ascending = true;
		uint8_t *fs;

		fat.sectors = disk_fat_sectors(&fat);
		d.size = (uint64_t)fat.sectors * DISK_SECTOR;
		disk_fat(&d, &fat);
		for (size_t j = 0; j < d.n; j++) {
			ascending = ascending && d.pieces[j].at >= at;
			at = d.pieces[j].at + d.pieces[j].len;
		}
		check(ascending && at <= d.size, "FAT for %llu bytes: it fits",
		      (unsigned long long)sizes[i]);
		fs = xmalloc(d.size);
		disk_read(&d, 0, fs, d.size);
		uint32_t clusters =
		    (fat.sectors - 1 - 32 - 2 * le(fs + 22, 2)) / fs[13];
		check(clusters >= 4085 && clusters <= 65524 &&
			  le(fs + 22, 2) * 256 >= clusters + 2,
		      "and is FAT16, with %u clusters of %u", clusters, fs[13]);
		check(chain(fs, 1) == sizes[i], "and the file is whole");
		free(fs);
		disk_free(&d);
	}
	free(data);
	struct disk_file f = {"IMAGE.ELF", {{"", (uint64_t)3 << 30}, {0}}};
	struct fat fat = {.files = &f, .n = 1};

	check(disk_fat_sectors(&fat) == 0, "3 GiB don't fit");
}

static void machines(void)
{
	static const char *const good[] = {"a", "a b", "\xc3\xa9",
					   "\xf0\x9f\x98\x80", "\xed\x9f\xbf"};
	static const char *const bad[] = {"",
					  "a\n",
					  "\x7f",
					  "\x80",
					  "\xc3",
					  "\xc0\x80",
					  "\xc1\xbf",
					  "\xe0\x9f\xbf",
					  "\xed\xa0\x80",
					  "\xf0\x8f\xbf\xbf",
					  "\xf4\x90\x80\x80",
					  "\xf5\x80\x80\x80",
					  "\xe2\x82"};
	struct vm vm = {.memory = 1};
	char long_name[82], *file;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		check(!vm_name_check(good[i]), "good name %zu", i);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		check(vm_name_check(bad[i]) != NULL, "bad name %zu", i);
	memset(long_name, 'a', sizeof(long_name));
	long_name[81] = 0;
	check(vm_name_check(long_name) != NULL, "81 bytes are too many");
	long_name[80] = 0;
	check(!vm_name_check(long_name), "80 are not");
	file = vm_file_name("../a b\xc3\xa9_1.x");
	check_str(file, "-.-a-b--_1.x", "a name for files");
	free(file);
	check(vm_mebibytes(&vm) == 4, "a byte is 4 MiB");
	vm.memory = 4 << 20;
	check(vm_mebibytes(&vm) == 4, "4 MiB are, too");
	vm.memory++;
	check(vm_mebibytes(&vm) == 8, "and a byte more is 8");
}

static void epoch_of(void *arg)
{
	uint32_t t;

	setenv("SOURCE_DATE_EPOCH", arg, 1);
	source_date_epoch(&t);
}

static void epochs(void)
{
	uint32_t t = 1;

	unsetenv("SOURCE_DATE_EPOCH");
	check(!source_date_epoch(&t) && t == 1, "no time is given");
	setenv("SOURCE_DATE_EPOCH", "4294967295", 1);
	check(source_date_epoch(&t) && t == UINT32_MAX, "the last time");
	check_dies(epoch_of, "4294967296", EXIT_USAGE, "32 bits", "one more");
	check_dies(epoch_of, "-1", EXIT_USAGE, "32 bits", "one less than 0");
	check_dies(epoch_of, "1 ", EXIT_USAGE, "32 bits", "something behind");
}

int main(void)
{
	halvm_set_progname("test_disk");
	sums();
	reading();
	modules();
	fat_sizes();
	machines();
	epochs();
	return check_done();
}
