/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * setuid and its kin change the ids of all threads, though Linux has them per
 * thread: libc signals each and passes the call as a variable, not a constant.
 * Run by root it changes to real other ids; else it sets those it has.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>
#include "check.h"

enum { threads = 4 };

static sem_t ready, go;
static pid_t tids[threads];

static void *idle(void *tid)
{
	*(pid_t *)tid = gettid();
	sem_post(&ready);
	sem_wait(&go);
	return NULL;
}

/* The four ids in the line `name` of a thread's status file. */
static void ids_of(pid_t tid, const char *name, unsigned ids[4])
{
	char path[100], line[200];
	int found = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
	f = fopen(path, "r");
	CHECK(f);
	while (fgets(line, sizeof line, f))
		if (!strncmp(line, name, strlen(name)))
			found = sscanf(line + strlen(name), "%u %u %u %u",
				       &ids[0], &ids[1], &ids[2], &ids[3]);
	fclose(f);
	CHECK(found == 4);
}

static void all_have(const char *name, unsigned real, unsigned effective,
		     unsigned saved)
{
	for (int i = 0; i < threads; i++) {
		unsigned ids[4];

		ids_of(tids[i], name, ids);
		CHECK(ids[0] == real && ids[1] == effective);
		CHECK(ids[2] == saved);
	}
}

int main(void)
{
	int root = geteuid() == 0;
	gid_t g = root ? 12345 : getegid(), g2 = root ? 12346 : g;
	uid_t u = root ? 23456 : geteuid(), u2 = root ? 23457 : u;
	pthread_t t[threads];

	sem_init(&ready, 0, 0);
	sem_init(&go, 0, 0);
	for (int i = 0; i < threads; i++) {
		CHECK(pthread_create(&t[i], NULL, idle, &tids[i]) == 0);
		CHECK(sem_wait(&ready) == 0);
	}
	CHECK(!root || setgroups(0, NULL) == 0);
	CHECK(setresgid(g, g2, g) == 0);
	all_have("Gid:", g, g2, g);
	passed("setresgid");
	CHECK(setresuid(u, u2, u2) == 0);
	all_have("Uid:", u, u2, u2);
	CHECK(getuid() == u && geteuid() == u2);
	passed("setresuid");
	CHECK(seteuid(u) == 0);
	all_have("Uid:", u, u, u2);
	CHECK(setuid(u) == 0);
	passed("setuid");
	CHECK(setuid(0) == 0 || errno == EPERM);
	for (int i = 0; i < threads; i++)
		sem_post(&go);
	for (int i = 0; i < threads; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	return 0;
}
