/* SPDX-License-Identifier: BSD-3-Clause */
/* provide_wrapped.h - the wrapped calls' prototypes, for provide_real.h. */
#ifndef TEST_PROVIDE_WRAPPED_H
#define TEST_PROVIDE_WRAPPED_H

#define WRAPPED1(name) long __wrap_halvm_syscall_##name(long)
#define WRAPPED2(name) long __wrap_halvm_syscall_##name(long, long)
#define WRAPPED3(name) long __wrap_halvm_syscall_##name(long, long, long)
#define WRAPPED4(name) long __wrap_halvm_syscall_##name(long, long, long, long)
#define WRAPPED5(name)                                                         \
	long __wrap_halvm_syscall_##name(long, long, long, long, long)
#define WRAPPED6(name)                                                         \
	long __wrap_halvm_syscall_##name(long, long, long, long, long, long)

WRAPPED1(chdir);
WRAPPED1(close);
WRAPPED1(dup);
WRAPPED1(fchdir);
WRAPPED1(fdatasync);
WRAPPED1(fsync);
WRAPPED1(rmdir);
WRAPPED1(syncfs);
WRAPPED1(umask);
WRAPPED1(unlink);
WRAPPED2(access);
WRAPPED2(chmod);
WRAPPED2(creat);
WRAPPED2(dup2);
WRAPPED2(fchmod);
WRAPPED2(fstat);
WRAPPED2(fstatfs);
WRAPPED2(ftruncate);
WRAPPED2(getcwd);
WRAPPED2(link);
WRAPPED2(lstat);
WRAPPED2(mkdir);
WRAPPED2(rename);
WRAPPED2(stat);
WRAPPED2(statfs);
WRAPPED2(symlink);
WRAPPED2(truncate);
WRAPPED2(utime);
WRAPPED2(utimes);
WRAPPED3(chown);
WRAPPED3(close_range);
WRAPPED3(dup3);
WRAPPED3(faccessat);
WRAPPED3(fchmodat);
WRAPPED3(fchown);
WRAPPED3(fcntl);
WRAPPED3(futimesat);
WRAPPED3(getdents);
WRAPPED3(getdents64);
WRAPPED3(ioctl);
WRAPPED3(lchown);
WRAPPED3(lseek);
WRAPPED3(mkdirat);
WRAPPED3(mknod);
WRAPPED3(open);
WRAPPED3(read);
WRAPPED3(readlink);
WRAPPED3(readv);
WRAPPED3(symlinkat);
WRAPPED3(unlinkat);
WRAPPED3(write);
WRAPPED3(writev);
WRAPPED4(faccessat2);
WRAPPED4(fallocate);
WRAPPED4(mknodat);
WRAPPED4(newfstatat);
WRAPPED4(openat);
WRAPPED4(pread64);
WRAPPED4(pwrite64);
WRAPPED4(readlinkat);
WRAPPED4(renameat);
WRAPPED4(sendfile);
WRAPPED4(utimensat);
WRAPPED5(fchownat);
WRAPPED5(linkat);
WRAPPED5(preadv);
WRAPPED5(pwritev);
WRAPPED5(renameat2);
WRAPPED5(statx);
WRAPPED6(copy_file_range);
WRAPPED6(mmap);
WRAPPED6(preadv2);
WRAPPED6(pwritev2);

#endif
