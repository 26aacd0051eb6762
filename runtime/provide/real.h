/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * real.h - the target's own system calls.  The code calls them by
 * target(read, fd, (long)buf, n).
 *
 * Those that the layer wraps are called __real_halvm_syscall_* for the linker,
 * the others have just their names.
 */
#ifndef PROVIDE_REAL_H
#define PROVIDE_REAL_H

#ifndef PROVIDE_REAL0 /* a test may define them */
#define PROVIDE_REAL0(name) long __real_halvm_syscall_##name(void)
#define PROVIDE_REAL1(name) long __real_halvm_syscall_##name(long)
#define PROVIDE_REAL2(name) long __real_halvm_syscall_##name(long, long)
#define PROVIDE_REAL3(name) long __real_halvm_syscall_##name(long, long, long)
#define PROVIDE_REAL4(name)                                                    \
	long __real_halvm_syscall_##name(long, long, long, long)
#define PROVIDE_REAL5(name)                                                    \
	long __real_halvm_syscall_##name(long, long, long, long, long)
#define PROVIDE_REAL6(name)                                                    \
	long __real_halvm_syscall_##name(long, long, long, long, long, long)

#define PROVIDE_NOT_WRAPPED(name) __asm__("halvm_syscall_" #name)
#define PROVIDE_BELOW0(name) PROVIDE_REAL0(name) PROVIDE_NOT_WRAPPED(name)
#define PROVIDE_BELOW1(name) PROVIDE_REAL1(name) PROVIDE_NOT_WRAPPED(name)
#define PROVIDE_BELOW2(name) PROVIDE_REAL2(name) PROVIDE_NOT_WRAPPED(name)
#define PROVIDE_BELOW3(name) PROVIDE_REAL3(name) PROVIDE_NOT_WRAPPED(name)
#define PROVIDE_BELOW4(name) PROVIDE_REAL4(name) PROVIDE_NOT_WRAPPED(name)
#define PROVIDE_BELOW5(name) PROVIDE_REAL5(name) PROVIDE_NOT_WRAPPED(name)
#define PROVIDE_BELOW6(name) PROVIDE_REAL6(name) PROVIDE_NOT_WRAPPED(name)
#endif

PROVIDE_REAL3(read);
PROVIDE_REAL3(write);
PROVIDE_REAL3(open);
PROVIDE_REAL1(close);
PROVIDE_REAL2(stat);
PROVIDE_REAL2(fstat);
PROVIDE_REAL2(lstat);
PROVIDE_REAL3(lseek);
PROVIDE_REAL6(mmap);
PROVIDE_BELOW2(munmap);
PROVIDE_BELOW3(mprotect);
PROVIDE_BELOW4(rt_sigprocmask);
PROVIDE_REAL3(ioctl);
PROVIDE_REAL4(pread64);
PROVIDE_REAL4(pwrite64);
PROVIDE_REAL3(readv);
PROVIDE_REAL3(writev);
PROVIDE_REAL2(access);
PROVIDE_REAL1(dup);
PROVIDE_REAL2(dup2);
PROVIDE_REAL4(sendfile);
PROVIDE_REAL3(socket);
PROVIDE_REAL3(connect);
PROVIDE_REAL3(accept);
PROVIDE_REAL6(sendto);
PROVIDE_REAL6(recvfrom);
PROVIDE_REAL3(sendmsg);
PROVIDE_REAL3(recvmsg);
PROVIDE_REAL2(shutdown);
PROVIDE_REAL3(bind);
PROVIDE_REAL2(listen);
PROVIDE_REAL3(getsockname);
PROVIDE_REAL3(getpeername);
PROVIDE_BELOW4(socketpair);
PROVIDE_REAL5(setsockopt);
PROVIDE_REAL5(getsockopt);
PROVIDE_REAL3(fcntl);
PROVIDE_REAL2(flock);
PROVIDE_REAL1(fsync);
PROVIDE_REAL1(fdatasync);
PROVIDE_REAL2(truncate);
PROVIDE_REAL2(ftruncate);
PROVIDE_REAL3(getdents);
PROVIDE_REAL2(getcwd);
PROVIDE_REAL1(chdir);
PROVIDE_REAL1(fchdir);
PROVIDE_REAL2(rename);
PROVIDE_REAL2(mkdir);
PROVIDE_REAL1(rmdir);
PROVIDE_REAL2(creat);
PROVIDE_REAL2(link);
PROVIDE_REAL1(unlink);
PROVIDE_REAL2(symlink);
PROVIDE_REAL3(readlink);
PROVIDE_REAL2(chmod);
PROVIDE_REAL2(fchmod);
PROVIDE_REAL3(chown);
PROVIDE_REAL3(fchown);
PROVIDE_REAL3(lchown);
PROVIDE_REAL1(umask);
PROVIDE_REAL2(utime);
PROVIDE_REAL3(mknod);
PROVIDE_REAL2(statfs);
PROVIDE_REAL2(fstatfs);
PROVIDE_BELOW6(futex);
PROVIDE_REAL3(getdents64);
PROVIDE_BELOW2(clock_gettime);
PROVIDE_REAL2(utimes);
PROVIDE_REAL4(openat);
PROVIDE_REAL3(mkdirat);
PROVIDE_REAL4(mknodat);
PROVIDE_REAL5(fchownat);
PROVIDE_REAL3(futimesat);
PROVIDE_REAL4(newfstatat);
PROVIDE_REAL3(unlinkat);
PROVIDE_REAL4(renameat);
PROVIDE_REAL5(linkat);
PROVIDE_REAL3(symlinkat);
PROVIDE_REAL4(readlinkat);
PROVIDE_REAL3(fchmodat);
PROVIDE_REAL3(faccessat);
PROVIDE_REAL4(utimensat);
PROVIDE_REAL4(fallocate);
PROVIDE_REAL4(accept4);
PROVIDE_REAL3(dup3);
PROVIDE_REAL5(preadv);
PROVIDE_REAL5(pwritev);
PROVIDE_REAL5(recvmmsg);
PROVIDE_REAL4(sendmmsg);
PROVIDE_REAL5(renameat2);
PROVIDE_BELOW3(getrandom);
PROVIDE_REAL6(preadv2);
PROVIDE_REAL6(pwritev2);
PROVIDE_REAL6(copy_file_range);
PROVIDE_BELOW2(memfd_create);
PROVIDE_BELOW4(prlimit64);
PROVIDE_REAL5(statx);
PROVIDE_REAL1(syncfs);
PROVIDE_REAL3(close_range);
PROVIDE_REAL4(faccessat2);
PROVIDE_BELOW2(tkill);
PROVIDE_BELOW0(getpid);
PROVIDE_BELOW0(gettid);
PROVIDE_BELOW5(ppoll);

#define target(name, ...) __real_halvm_syscall_##name(__VA_ARGS__)

#endif
