/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * files - a churn in a folder of its own below the current one, against a model
 * in memory: create, write anywhere, append, truncate, rename over others,
 * link, unlink while open, folders made and removed, listed and compared.  And
 * several threads that append to one file.  All is gone at the end.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include "stress.h"

enum { files = 40, size_max = 20000, threads = 6 };

struct file {
	int exists;
	size_t size;
	unsigned char data[size_max];
};

static struct file model[files];
static char folder[64];
static long amount_now;

static const char *name(char *buffer, int i)
{
	sprintf(buffer, "%s/file-with-a-longer-name-%d", folder, i);
	return buffer;
}

static void compare(int i)
{
	static unsigned char got[size_max + 1];
	struct file *f = &model[i];
	char path[128];
	struct stat st;
	int fd = open(name(path, i), O_RDONLY);

	if (!f->exists) {
		CHECK(fd < 0 && errno == ENOENT);
		return;
	}
	CHECK(fd >= 0 && fstat(fd, &st) == 0);
	CHECK((size_t)st.st_size == f->size && S_ISREG(st.st_mode));
	CHECK(read(fd, got, sizeof got) == (ssize_t)f->size);
	CHECK(memcmp(got, f->data, f->size) == 0);
	CHECK(close(fd) == 0);
}

static void write_some(int i, uint64_t *random)
{
	unsigned char block[3000];
	size_t n = 1 + stress_below(random, sizeof block);
	size_t at = stress_below(random, size_max - sizeof block);
	int append = stress_below(random, 3) == 0;
	struct file *f = &model[i];
	char path[128];
	int fd;

	memset(block, (int)stress_random(random), n);
	fd = open(name(path, i), O_RDWR | O_CREAT | (append ? O_APPEND : 0),
		  0644);
	CHECK(fd >= 0);
	if (append) {
		at = f->size;
		if (at + n > size_max)
			n = size_max - at;
		CHECK(write(fd, block, n) == (ssize_t)n);
	} else {
		CHECK(pwrite(fd, block, n, (off_t)at) == (ssize_t)n);
	}
	CHECK(close(fd) == 0);
	f->exists = 1;
	memcpy(f->data + at, block, n);
	if (n && at + n > f->size)
		f->size = at + n;
}

/* The data beyond the size is zero, as in a file that grows again. */
static void set_size(int i, uint64_t *random)
{
	size_t want = stress_below(random, size_max);
	struct file *f = &model[i];
	char path[128];

	if (!f->exists) {
		CHECK(truncate(name(path, i), 0) < 0 && errno == ENOENT);
		return;
	}
	CHECK(truncate(name(path, i), (off_t)want) == 0);
	if (want < f->size)
		memset(f->data + want, 0, f->size - want);
	f->size = want;
}

static void forget(struct file *f)
{
	memset(f, 0, sizeof *f);
}

static void rename_one(int a, int b)
{
	char from[128], to[128];
	int r = rename(name(from, a), name(to, b));

	if (!model[a].exists) {
		CHECK(r < 0 && errno == ENOENT);
		return;
	}
	CHECK(r == 0);
	if (a == b)
		return;
	model[b] = model[a];
	forget(&model[a]);
}

/* It stays readable for those who have it open. */
static void unlink_one(int i)
{
	static unsigned char got[size_max + 1];
	struct file *f = &model[i];
	char path[128];
	struct stat st;
	int fd = open(name(path, i), O_RDONLY);

	if (!f->exists) {
		CHECK(fd < 0 && unlink(path) < 0 && errno == ENOENT);
		return;
	}
	CHECK(fd >= 0 && unlink(path) == 0);
	CHECK(access(path, F_OK) < 0);
	CHECK(fstat(fd, &st) == 0 && st.st_nlink == 0);
	CHECK(read(fd, got, sizeof got) == (ssize_t)f->size);
	CHECK(memcmp(got, f->data, f->size) == 0);
	CHECK(close(fd) == 0);
	forget(f);
}

static void list(void)
{
	int seen[files] = {0}, i;
	struct dirent *e;
	DIR *d = opendir(folder);

	CHECK(d);
	while ((e = readdir(d))) {
		if (sscanf(e->d_name, "file-with-a-longer-name-%d", &i) == 1) {
			CHECK(i >= 0 && i < files && !seen[i]++);
			CHECK(model[i].exists);
		} else {
			CHECK(!strcmp(e->d_name, ".") ||
			      !strcmp(e->d_name, ".."));
		}
	}
	CHECK(closedir(d) == 0);
	for (i = 0; i < files; i++)
		CHECK(seen[i] == model[i].exists);
}

static void folders(void)
{
	char path[160], deep[300];

	for (int i = 0; i < 100; i++) {
		sprintf(path, "%s/d%d", folder, i);
		CHECK(mkdir(path, 0755) == 0);
		CHECK(mkdir(path, 0755) < 0 && errno == EEXIST);
		sprintf(deep, "%s/x", path);
		CHECK(mkdir(deep, 0755) == 0);
		CHECK(rmdir(path) < 0 && errno == ENOTEMPTY);
	}
	for (int i = 0; i < 100; i++) {
		sprintf(path, "%s/d%d", folder, i);
		sprintf(deep, "%s/x", path);
		CHECK(rmdir(deep) == 0 && rmdir(path) == 0);
	}
}

/* Appended lines stay whole. */
static void *append(void *arg)
{
	char path[128], line[64];

	sprintf(path, "%s/log", folder);
	for (long i = 0; i < amount_now; i++) {
		int n = sprintf(line, "thread %d line %ld\n",
				(int)(uintptr_t)arg, i);
		int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);

		CHECK(fd >= 0);
		CHECK(write(fd, line, (size_t)n) == n);
		CHECK(close(fd) == 0);
	}
	return NULL;
}

static void appending(void)
{
	long next[threads] = {0}, number;
	char path[128], rest;
	pthread_t t[threads];
	FILE *f;
	int who;

	for (uintptr_t i = 0; i < threads; i++)
		CHECK(pthread_create(&t[i], NULL, append, (void *)i) == 0);
	for (int i = 0; i < threads; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	sprintf(path, "%s/log", folder);
	f = fopen(path, "r");
	CHECK(f);
	for (long i = 0; i < threads * amount_now; i++) {
		CHECK(fscanf(f, "thread %d line %ld%c", &who, &number, &rest) ==
			  3 &&
		      rest == '\n');
		CHECK(who >= 0 && who < threads && number == next[who]++);
	}
	CHECK(fgetc(f) == EOF && fclose(f) == 0);
	CHECK(unlink(path) == 0);
}

static void one_round(long amount)
{
	uint64_t random = (uint64_t)stress_round;

	amount_now = amount;
	sprintf(folder, "stress-files-%d", (int)getpid());
	CHECK(mkdir(folder, 0755) == 0);
	for (long turn = 0; turn < amount * 10; turn++) {
		int i = (int)stress_below(&random, files);

		switch (stress_below(&random, 8)) {
		case 0:
			set_size(i, &random);
			break;
		case 1:
			unlink_one(i);
			break;
		case 2:
			rename_one(i, (int)stress_below(&random, files));
			break;
		case 3:
		case 4:
			compare(i);
			break;
		default:
			write_some(i, &random);
		}
		if (turn % 100 == 0)
			list();
	}
	for (int i = 0; i < files; i++) {
		compare(i);
		unlink_one(i);
	}
	list();
	folders();
	appending();
	CHECK(rmdir(folder) == 0);
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "files", 200, one_round);
}
