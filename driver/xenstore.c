/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Xenstore from dom0: see xenstore.h. The protocol is that of Xen's public
 * header io/xs_wire.h: requests and answers begin with four words of the
 * machine, type, request, transaction and length, and the daemon takes them at
 * a socket of its own, or the kernel at a device in its place. Not by the
 * program xenstore-read: where starting a program takes long, as in a test bed,
 * it would be a large part of all that a guest costs.
 */
#include "config.h"
#include "xenstore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util.h"

enum { XS_READ = 2, XS_ERROR = 16, XS_PAYLOAD_MAX = 4096 };

struct message {
	uint32_t type, request, transaction, length;
	char data[XS_PAYLOAD_MAX + 1];
};
#define HEAD_SIZE (4 * sizeof(uint32_t))

static int connect_to(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(a.sun_path, path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int open_store(void)
{
	static const char *const devices[] = {"/dev/xen/xenbus",
					      "/proc/xen/xenbus"};
	int fd = connect_to("/run/xenstored/socket");

	if (fd < 0)
		fd = connect_to("/var/run/xenstored/socket");
	for (size_t i = 0; fd < 0 && i < ARRAY_SIZE(devices); i++)
		fd = open(devices[i], O_RDWR | O_CLOEXEC);
	return fd;
}

static bool read_all(int fd, void *data, size_t n)
{
	char *p = data;

	while (n > 0) {
		ssize_t got = read(fd, p, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got < 0 ? errno : EIO;
			return false;
		}
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static char *ask(int fd, const char *path)
{
	size_t n = strlen(path) + 1;
	struct message m = {.type = XS_READ, .length = (uint32_t)n};

	if (n > XS_PAYLOAD_MAX) {
		errno = EINVAL;
		return NULL;
	}
	memcpy(m.data, path, n);
	/* Short enough to go at once. */
	if (write(fd, &m, HEAD_SIZE + n) != (ssize_t)(HEAD_SIZE + n) ||
	    !read_all(fd, &m, HEAD_SIZE))
		return NULL;
	if (m.length > XS_PAYLOAD_MAX) {
		errno = EIO;
		return NULL;
	}
	if (!read_all(fd, m.data, m.length))
		return NULL;
	m.data[m.length] = 0;
	if (m.type == XS_READ)
		return xstrdup(m.data);
	errno =
	    m.type == XS_ERROR && strcmp(m.data, "ENOENT") == 0 ? ENOENT : EIO;
	return NULL;
}

char *xenstore_read(const char *path)
{
	int fd = open_store(), error;
	char *value = fd < 0 ? NULL : ask(fd, path);

	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return value;
}
