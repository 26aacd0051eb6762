/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is below a provider, for HaLVM.Provider.Below.  The bridges fill in the
 * runtime's two functions.  Where no provider can be (the program has no
 * bridge, or it is a splice that runs while the program is compiled), what is
 * below is just what is there.
 *
 * Everything returns -errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

int (*halvm_types_below_console)(int stream);
int (*halvm_types_below_open)(const char *path, unsigned flags, unsigned mode);

static int64_t result(int64_t r)
{
	return r < 0 ? -errno : r;
}

int halvm_types_console(int stream)
{
	if (halvm_types_below_console)
		return halvm_types_below_console(stream);
	return (int)result(fcntl(stream, F_DUPFD_CLOEXEC, 3));
}

int halvm_types_open(const char *path)
{
	if (halvm_types_below_open)
		return halvm_types_below_open(path, O_RDONLY | O_CLOEXEC, 0);
	return (int)result(open(path, O_RDONLY | O_CLOEXEC));
}

int64_t halvm_types_read(int fd, void *to, size_t n)
{
	return result(read(fd, to, n));
}

int64_t halvm_types_write(int fd, const void *from, size_t n)
{
	return result(write(fd, from, n));
}

int halvm_types_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return (int)result(poll(&p, 1, 0));
}

int halvm_types_close(int fd)
{
	return (int)result(close(fd));
}
