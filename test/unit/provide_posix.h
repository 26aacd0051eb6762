/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * provide_posix.h - POSIX's calls through the provider layer, for programs of
 * test/provide that are compiled for the build machine: included before their
 * own text (-include).
 */
#ifndef TEST_PROVIDE_POSIX_H
#define TEST_PROVIDE_POSIX_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define wrapped(name, ...) __wrap_halvm_syscall_##name(__VA_ARGS__)

long wrapped(read, long, long, long);
long wrapped(write, long, long, long);
long wrapped(readv, long, long, long);
long wrapped(writev, long, long, long);
long wrapped(pread64, long, long, long, long);
long wrapped(lseek, long, long, long);
long wrapped(open, long, long, long);
long wrapped(close, long);
long wrapped(dup, long);
long wrapped(dup2, long, long);
long wrapped(fcntl, long, long, long);
long wrapped(ioctl, long, long, long);
long wrapped(fstat, long, long);
long wrapped(socket, long, long, long);
long wrapped(bind, long, long, long);
long wrapped(connect, long, long, long);
long wrapped(listen, long, long);
long wrapped(accept, long, long, long);
long wrapped(accept4, long, long, long, long);
long wrapped(getsockname, long, long, long);
long wrapped(getpeername, long, long, long);
long wrapped(sendto, long, long, long, long, long, long);
long wrapped(recvfrom, long, long, long, long, long, long);
long wrapped(sendmsg, long, long, long);
long wrapped(recvmsg, long, long, long);
long wrapped(sendmmsg, long, long, long, long);
long wrapped(recvmmsg, long, long, long, long, long);
long wrapped(shutdown, long, long);
long wrapped(setsockopt, long, long, long, long, long);
long wrapped(getsockopt, long, long, long, long, long);
long wrapped(sendfile, long, long, long, long);

static inline long posix_result(long r)
{
	if (r >= 0)
		return r;
	errno = (int)-r;
	return -1;
}

static inline int posix_int(long r)
{
	return (int)posix_result(r);
}

#define POSIX(name, ...) posix_int(wrapped(name, __VA_ARGS__))
#define POSIX_SIZE(name, ...) posix_result(wrapped(name, __VA_ARGS__))

#define read(f, p, n) POSIX_SIZE(read, f, (long)(p), (long)(n))
#define write(f, p, n) POSIX_SIZE(write, f, (long)(p), (long)(n))
#define readv(f, v, n) POSIX_SIZE(readv, f, (long)(v), n)
#define writev(f, v, n) POSIX_SIZE(writev, f, (long)(v), n)
#define pread(f, p, n, at) POSIX_SIZE(pread64, f, (long)(p), (long)(n), at)
#define lseek(f, at, how) POSIX_SIZE(lseek, f, at, how)
#define sendfile(to, f, at, n) POSIX_SIZE(sendfile, to, f, (long)(at), n)
#define close(f) POSIX(close, f)
#define dup(f) POSIX(dup, f)
#define dup2(f, to) POSIX(dup2, f, to)
#define posix_fcntl(f, request, v, ...) POSIX(fcntl, f, request, (long)(v))
#define fcntl(...) posix_fcntl(__VA_ARGS__, 0, 0)
#define ioctl(f, request, v) POSIX(ioctl, f, request, (long)(v))
#define fstat(f, s) POSIX(fstat, f, (long)(s))
#define socket(d, t, p) POSIX(socket, d, t, p)
#define bind(f, a, n) POSIX(bind, f, (long)(a), n)
#define connect(f, a, n) POSIX(connect, f, (long)(a), n)
#define listen(f, n) POSIX(listen, f, n)
#define accept(f, a, n) POSIX(accept, f, (long)(a), (long)(n))
#define accept4(f, a, n, how) POSIX(accept4, f, (long)(a), (long)(n), how)
#define getsockname(f, a, n) POSIX(getsockname, f, (long)(a), (long)(n))
#define getpeername(f, a, n) POSIX(getpeername, f, (long)(a), (long)(n))
#define sendto(f, p, n, how, a, s)                                             \
	POSIX_SIZE(sendto, f, (long)(p), (long)(n), how, (long)(a), s)
#define recvfrom(f, p, n, how, a, s)                                           \
	POSIX_SIZE(recvfrom, f, (long)(p), (long)(n), how, (long)(a), (long)(s))
#define send(f, p, n, how) sendto(f, p, n, how, NULL, 0)
#define recv(f, p, n, how) recvfrom(f, p, n, how, NULL, NULL)
#define sendmsg(f, m, how) POSIX_SIZE(sendmsg, f, (long)(m), how)
#define recvmsg(f, m, how) POSIX_SIZE(recvmsg, f, (long)(m), how)
#define sendmmsg(f, m, n, how) POSIX(sendmmsg, f, (long)(m), n, how)
#define recvmmsg(f, m, n, how, t)                                              \
	POSIX(recvmmsg, f, (long)(m), n, how, (long)(t))
#define shutdown(f, how) POSIX(shutdown, f, how)
#define setsockopt(f, l, o, v, n) POSIX(setsockopt, f, l, o, (long)(v), n)
#define getsockopt(f, l, o, v, n)                                              \
	POSIX(getsockopt, f, l, o, (long)(v), (long)(n))

#endif
