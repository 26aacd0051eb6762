/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Starting the test bed: see bed.h. With dom0's side,
 * targets/xen/bed/dom0-init, it agrees on the words of the port halvm.control:
 *   dom0: ready                       (only when it boots; here it is saved)
 *   we:   run TIME IDLE BYTES, and halvm-run's program, so many bytes
 *   dom0: running
 */
#include "config.h"
#include "bed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bed_parts.h"
#include "util.h"

/* Seconds: to boot takes 10 on an idle host, to load 2. */
enum { BOOT_TIMEOUT = 300, LOAD_TIMEOUT = 60, IDLE_DEFAULT = 300 };
/* MiB: dom0's 512 and four guests' 512 and Xen's own. */
enum { MEMORY_DEFAULT = 3072, MEMORY_MIN = 1024 };

static unsigned long number_of(const char *variable, unsigned long otherwise,
			       unsigned long min, unsigned long max)
{
	const char *text = getenv(variable);
	unsigned long n;
	char *end;

	if (!text || !*text)
		return otherwise;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || n < min || n > max)
		die(EXIT_USAGE, "%s is a number from %lu to %lu, not '%s'",
		    variable, min, max, text);
	return n;
}

static const char *words_of(const char *variable)
{
	const char *text = getenv(variable);

	return text ? text : "";
}

/* A folder's file that says how the bed was saved for such a machine. */
static char *saved_path(const struct bed_machine *m)
{
	uint64_t hash = hash_stat(HASH_START, m->qemu);

	hash = hash_bytes(hash, PACKAGE_VERSION, sizeof(PACKAGE_VERSION));
	hash = hash_bytes(hash, &m->memory, sizeof(m->memory));
	hash = hash_bytes(hash, m->xen_line, strlen(m->xen_line) + 1);
	hash = hash_bytes(hash, m->linux_line, strlen(m->linux_line) + 1);
	return xasprintf("%s/saved-%016llx", m->dom0, (unsigned long long)hash);
}

static void nap(long milliseconds)
{
	nanosleep(&(struct timespec){.tv_sec = milliseconds / 1000,
				     .tv_nsec = milliseconds % 1000 * 1000000},
		  NULL);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

/*
 * The next word that dom0 says is this one, until the time given; lines that
 * are something else are passed over. False if QEMU ended or time is up.
 */
static bool hear(int control, const char *word, long until)
{
	char line[64];
	size_t n = 0;

	for (;;) {
		struct pollfd p = {.fd = control, .events = POLLIN};
		long left = until - now_ms();
		char c;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			return false;
		if (read(control, &c, 1) != 1)
			return false;
		if (c != '\n') {
			line[n] = c;
			n += n < sizeof(line) - 1;
			continue;
		}
		line[n] = '\0';
		n = 0;
		if (strcmp(line, word) == 0)
			return true;
	}
}

static bool say(int control, const char *p, size_t n, long until)
{
	while (n) {
		struct pollfd room = {.fd = control, .events = POLLOUT};
		long left = until - now_ms();
		ssize_t put;

		if (left <= 0 || poll(&room, 1, (int)left) <= 0)
			return false;
		put = send(control, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && errno != EAGAIN)
			return false;
		if (put <= 0)
			continue;
		p += put;
		n -= put;
	}
	return true;
}

/* halvm-run beside us serves the slots: who asks and who answers agree. */
static bool tell_run(int control, const struct install *in, long until)
{
	unsigned long idle =
	    number_of("HALVM_BED_IDLE", IDLE_DEFAULT, 1, 1000000);
	char *path = path_join(in->bindir, "halvm-run");
	size_t len;
	char *program = read_file(path, &len), *words;
	bool ok;

	if (!program)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	words =
	    xasprintf("run %lld %lu %zu\n", (long long)time(NULL), idle, len);
	ok = say(control, words, strlen(words), until) &&
	     say(control, program, len, until);
	free(words);
	free(program);
	free(path);
	return ok;
}

/* QEMU makes its sockets some time after it is started. */
static int connect_control(const struct bed *b, long until)
{
	char *path = path_join(b->sockets, "control.sock");
	bool ready;
	int fd;

	while ((fd = unix_connect(path)) < 0 && now_ms() < until &&
	       bed_alive(b, &ready))
		nap(10);
	free(path);
	return fd;
}

static bool migrate(struct qmp *q, int fd, char **answer)
{
	static const char *const commands[] = {
	    "{\"execute\":\"stop\"}",
	    "{\"execute\":\"migrate-set-parameters\",\"arguments\":"
	    "{\"max-bandwidth\":100000000000}}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!qmp_command(q, commands[i], answer))
			return false;
		free(*answer);
	}
	if (!qmp_command_fd(q,
			    "{\"execute\":\"getfd\",\"arguments\":"
			    "{\"fdname\":\"saved\"}}",
			    fd, answer))
		return false;
	free(*answer);
	if (!qmp_command(q,
			 "{\"execute\":\"migrate\",\"arguments\":"
			 "{\"uri\":\"fd:saved\"}}",
			 answer))
		return false;
	for (;;) {
		free(*answer);
		if (!qmp_command(q, "{\"execute\":\"query-migrate\"}", answer))
			return false;
		if (strstr(*answer, "\"status\": \"completed\""))
			return true;
		if (strstr(*answer, "\"status\": \"failed\""))
			return false;
		nap(20);
	}
}

/* Saves the bed as it is; it goes on. A failure costs only later starts. */
static void save(const struct bed *b, const char *path)
{
	char *socket = path_join(b->sockets, "qmp.sock");
	char *new = xasprintf("%s-XXXXXX", path), *answer = NULL;
	int fd = mkostemp(new, O_CLOEXEC);
	struct qmp q;

	if (fd < 0 || !qmp_open(&q, socket)) {
		warn("the test bed can't be saved for later starts: %s",
		     strerror(errno));
		goto out;
	}
	bed_say(b, "saving the test bed for later starts");
	if (!migrate(&q, fd, &answer) || rename(new, path) < 0)
		warn("the test bed can't be saved for later starts: %s",
		     answer);
	free(answer);
	if (!qmp_command(&q, "{\"execute\":\"cont\"}", &answer))
		warn("the test bed doesn't go on: %s", answer);
	free(answer);
	qmp_close(&q);
out:
	if (fd >= 0) {
		unlink(new);
		close(fd);
	}
	free(new);
	free(socket);
}

/*
 * What was saved was stopped, and is so when it is loaded; that is when QEMU
 * isn't "inmigrate" any more.
 */
static bool go_on(const struct bed *b, long until)
{
	char *socket = path_join(b->sockets, "qmp.sock"), *answer = NULL;
	bool ok, loaded = false;
	struct qmp q;

	ok = qmp_open(&q, socket);
	free(socket);
	if (!ok)
		return false;
	while (ok && !loaded && now_ms() < until) {
		ok = qmp_command(&q, "{\"execute\":\"query-status\"}", &answer);
		loaded = ok && !strstr(answer, "\"inmigrate\"");
		free(answer);
		if (!loaded)
			nap(10);
	}
	if (loaded) {
		ok = qmp_command(&q, "{\"execute\":\"cont\"}", &answer);
		free(answer);
	}
	qmp_close(&q);
	return ok && loaded;
}

/* The end of what QEMU and dom0 said, for a message. */
static void show_logs(const struct bed *b)
{
	static const char *const logs[] = {"qemu.log", "console.log"};

	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		char *path = path_join(b->run, logs[i]);
		size_t len;
		char *text = read_file(path, &len);

		if (text && len)
			fprintf(stderr, "--- the end of %s\n%s\n", path,
				text + (len > 2000 ? len - 2000 : 0));
		free(text);
		free(path);
	}
}

/* One try to get a bed that serves: loaded from `saved`, or booted if -1. */
static bool try_start(const struct bed *b, const struct install *in,
		      const struct bed_machine *m, int saved)
{
	bool loads = saved >= 0;
	long until = now_ms() + 1000L * (loads ? LOAD_TIMEOUT : BOOT_TIMEOUT);
	int alive = bed_lock_file(b->run, "alive"), control;
	char *path = saved_path(m);
	bool ok;

	bed_say(b, loads ? "loading the test bed" : "booting the test bed");
	bed_lock(alive, NULL);
	bed_machine_start(b, m, alive, saved);
	close(alive);
	control = connect_control(b, until);
	ok = control >= 0 && (!loads || go_on(b, until));
	if (ok && !loads) {
		ok = hear(control, "ready", until);
		if (ok)
			save(b, path);
	}
	ok = ok && tell_run(control, in, until) &&
	     hear(control, "running", until);
	if (control >= 0)
		close(control);
	free(path);
	return ok;
}

static void start(const struct bed *b, const struct install *in)
{
	static const char *const qemus[] = {"qemu-system-x86_64", NULL};
	struct bed_machine m = {
	    .qemu =
		host_tool("HALVM_QEMU", qemus,
			  "QEMU for x86 (Debian: the package qemu-system-x86)"),
	    .memory = number_of("HALVM_BED_MEMORY", MEMORY_DEFAULT, MEMORY_MIN,
				1 << 20),
	    .xen_line = words_of("HALVM_BED_XEN"),
	    .linux_line = words_of("HALVM_BED_LINUX"),
	};
	char *dom0 = bed_prepare(b, false), *path, *ready;
	int saved;

	m.dom0 = dom0;
	path = saved_path(&m);
	saved = open(path, O_RDONLY | O_CLOEXEC);
	if (saved >= 0 && !try_start(b, in, &m, saved)) {
		warn("the test bed can't be loaded as it was saved; it boots "
		     "anew");
		unlink(path);
		close(saved);
		bed_stop(b);
		saved = -1;
	}
	if (saved >= 0)
		close(saved);
	else if (!try_start(b, in, &m, -1)) {
		show_logs(b);
		bed_stop(b);
		die(EXIT_FAILED,
		    "the Xen test bed doesn't start; what it said is above. "
		    "Try: halvm-testbed prepare --anew");
	}
	ready = path_join(b->run, "ready");
	close(open(ready, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	free(ready);
	free(path);
	free(dom0);
}

void bed_ensure(const struct bed *b, const struct install *in)
{
	bool ready;
	int lock;

	if (bed_alive(b, &ready) && ready)
		return;
	lock = bed_lock_file(b->run, "lock");
	bed_lock(lock, b->verbose ? "it starts the Xen test bed" : NULL);
	if (!bed_alive(b, &ready) || !ready) {
		/* One whose starter ended before it was ready. */
		bed_stop(b);
		start(b, in);
	}
	close(lock);
}
