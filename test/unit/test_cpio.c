/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/cpio.c, driver/cpio_tree.c: archives. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "check.h"
#include "cpio.h"
#include "util.h"

static void test_format(void)
{
	static const char want[] = "070701"
				   "00000001"
				   "000081a4"
				   "00000000"
				   "00000000"
				   "00000001"
				   "00000005"
				   "00000003"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000004"
				   "00000000"
				   "a/b\0\0\0"
				   "xyz\0"
				   "070701"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000001"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "0000000b"
				   "00000000"
				   "TRAILER!!!\0\0\0\0";
	char *text;
	size_t n, files;
	FILE *f = open_memstream(&text, &n);
	struct cpio c = {.out = f};

	cpio_begin(&c, &(struct cpio_entry){"a/b", 0100644, 5, 3});
	cpio_data(&c, "xy", 2);
	cpio_data(&c, "z", 1);
	cpio_end(&c);
	cpio_finish(&c);
	fclose(f);
	check(c.at == n, "its size is known");
	check(n == sizeof(want) - 1 && memcmp(text, want, n) == 0,
	      "one file, byte by byte");
	check(cpio_check(text, n, &files) == NULL && files == 1, "it is good");
	bool bad = true;
	for (size_t i = 0; i + 3 < n; i++)
		bad = bad && cpio_check(text, i, &files) != NULL;
	check(bad, "cut anywhere it isn't");
	text[50] = 'g';
	check(cpio_check(text, n, &files) == NULL, "a field we don't read");
	memcpy(text + 6 + 6 * 8, "ffffffff", 8);
	check_str(cpio_check(text, n, &files),
		  "truncated: an entry's content is missing", "a huge file");
	memcpy(text + 6 + 11 * 8, "ffffffff", 8);
	check_str(cpio_check(text, n, &files),
		  "truncated: an entry's name is missing", "a huge name");
	free(text);
}

static void put(const char *dir, const char *name, const char *text)
{
	char *path = path_join(dir, name);
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
	free(path);
}

static char *tree(const char *dir, size_t *n)
{
	char *text;
	FILE *f = open_memstream(&text, n);
	struct cpio c = {.out = f};

	cpio_tree(&c, dir);
	fclose(f);
	return text;
}

/* The names of an archive, in order. */
static char *names(const char *text, size_t n)
{
	struct strlist l = {0};
	char *s;

	for (size_t i = 0; i + 110 < n; i++)
		if (memcmp(text + i, "070701", 6) == 0)
			strlist_push(&l, text + i + 110);
	s = strlist_join(&l, " ");
	strlist_free(&l);
	return s;
}

static void test_tree(void)
{
	char *dir = path_join(temp_dir(), "tree"), *sub, *a, *b, *list;
	size_t n, m, files;

	mkdir(dir, 0755);
	sub = path_join(dir, "b");
	mkdir(sub, 0700);
	put(dir, "c", "cc");
	put(dir, "a", "");
	put(sub, "z", "1");
	put(sub, "Y", "22222");
	free(sub);
	sub = path_join(dir, "link");
	check(symlink("b/z", sub) == 0, "a link");
	free(sub);
	sub = path_join(dir, "sock");
	check(mkfifo(sub, 0600) == 0, "a pipe");
	setenv("SOURCE_DATE_EPOCH", "12345", 1);
	a = tree(dir, &n);
	list = names(a, n);
	check_str(list, "a b b/Y b/z c link TRAILER!!!",
		  "sorted, a folder before what is in it, no pipe");
	check(cpio_check(a, n, &files) == NULL && files == 6, "it is good");
	struct timespec old[2] = {{1, 0}, {1, 0}};
	check(utimensat(AT_FDCWD, dir, old, 0) == 0, "another time");
	b = tree(dir, &m);
	check(n == m && memcmp(a, b, n) == 0, "the same again");
	check(memmem(a, n, "00003039", 8) != NULL, "SOURCE_DATE_EPOCH");
	unsetenv("SOURCE_DATE_EPOCH");
	unlink(sub);
	free(sub);
	free(list);
	free(a);
	free(b);
	free(dir);
}

/* The archive is written into the directory itself. */
static void test_own_output(void)
{
	char *dir = path_join(temp_dir(), "own"), *path, *text, *list;
	size_t n;

	mkdir(dir, 0755);
	put(dir, "x", "x");
	path = path_join(dir, "out");
	struct cpio c = {.out = fopen(path, "w")};
	cpio_tree(&c, dir);
	fclose(c.out);
	text = read_file(path, &n);
	list = names(text, n);
	check_str(list, "x TRAILER!!!", "an archive isn't in itself");
	free(list);
	free(text);
	free(path);
	free(dir);
}

static void from(void *path)
{
	struct cpio c = {.out = stdout};

	cpio_from(&c, path);
}

static void bad_epoch(void *dir)
{
	size_t n;

	setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
	tree(dir, &n);
}

int main(void)
{
	char *text;

	halvm_set_progname("test");
	test_format();
	test_tree();
	test_own_output();
	check_dies(from, "/nonexistent/x", 1, "can't read", "no such archive");
	text = path_join(temp_dir(), "text");
	put(temp_dir(), "text", "just text");
	check_dies(from, text, 1, "neither a directory nor a good archive",
		   "a file that isn't one");
	free(text);
	check_dies(bad_epoch, temp_dir(), 2, "SOURCE_DATE_EPOCH", "a bad time");
	return check_done();
}
