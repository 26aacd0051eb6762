/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands to QEMU's monitor: see bed_parts.h. */
#include "config.h"
#include "bed_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util.h"

/* How long an answer may take; QEMU's own thread gives it. */
enum { ANSWER_MS = 60000 };

int unix_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (void *)&address, sizeof(address)) < 0) {
		int error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* The next line, without its end; NULL if none comes. */
static char *next_line(struct qmp *q)
{
	for (;;) {
		char *end = memchr(q->buf, '\n', q->n);
		struct pollfd p = {.fd = q->fd, .events = POLLIN};
		ssize_t got;

		if (end) {
			size_t len = end - q->buf;
			char *line = xstrndup(q->buf, len);
			q->n -= len + 1;
			memmove(q->buf, end + 1, q->n);
			return line;
		}
		if (q->n == sizeof(q->buf) || poll(&p, 1, ANSWER_MS) <= 0)
			return NULL;
		got = read(q->fd, q->buf + q->n, sizeof(q->buf) - q->n);
		if (got <= 0)
			return NULL;
		q->n += got;
	}
}

/* Lines that are neither an answer nor an error tell of events. */
static bool get_answer(struct qmp *q, char **answer)
{
	for (;;) {
		char *line = next_line(q);

		if (!line) {
			*answer = xstrdup("QEMU's monitor doesn't answer");
			return false;
		}
		if (str_starts(line, "{\"return\"") ||
		    str_starts(line, "{\"error\"")) {
			*answer = line;
			return line[2] == 'r';
		}
		free(line);
	}
}

bool qmp_command_fd(struct qmp *q, const char *command, int fd, char **answer)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS}};
	struct iovec text = {(char *)command, strlen(command)};
	struct msghdr m = {.msg_iov = &text, .msg_iovlen = 1};

	if (fd >= 0) {
		m.msg_control = &control;
		m.msg_controllen = CMSG_SPACE(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	if (sendmsg(q->fd, &m, MSG_NOSIGNAL) != (ssize_t)text.iov_len) {
		*answer = xasprintf("QEMU's monitor: %s", strerror(errno));
		return false;
	}
	return get_answer(q, answer);
}

bool qmp_command(struct qmp *q, const char *command, char **answer)
{
	return qmp_command_fd(q, command, -1, answer);
}

bool qmp_open(struct qmp *q, const char *path)
{
	char *answer;
	bool ok;

	q->n = 0;
	q->fd = unix_connect(path);
	if (q->fd < 0)
		return false;
	ok = qmp_command(q, "{\"execute\":\"qmp_capabilities\"}", &answer);
	free(answer);
	if (!ok)
		qmp_close(q);
	return ok;
}

void qmp_close(struct qmp *q)
{
	close(q->fd);
	q->fd = -1;
}
