/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_vfs_locks.c - locks of files and of their ranges.
 */
#include "rt_vfs.h"

static long waiting_fd, waiting_result;

static void waiter(void *argument)
{
	(void)argument;
	waiting_result = halvm_syscall_flock(waiting_fd, LOCK_EX);
	thread_exit(0, 0, 0);
}

static void test_waiting(void)
{
	long a = halvm_syscall_open(L("/tmp/w"), O_CREAT | O_RDWR, 0600);

	waiting_fd = halvm_syscall_open(L("/tmp/w"), O_RDWR, 0);
	waiting_result = 1;
	halvm_syscall_flock(a, LOCK_EX);
	host_thread(waiter, NULL);
	for (unsigned i = 0; i < 5; i++)
		thread_yield();
	check(waiting_result == 1, "a thread waits for a lock");
	halvm_syscall_close(a);
	for (unsigned i = 0; i < 5; i++)
		thread_yield();
	check(waiting_result == 0, "and gets it when the other goes");
	halvm_syscall_close(waiting_fd);
	halvm_syscall_unlink(L("/tmp/w"));
}

static void test_locks(void)
{
	long a = halvm_syscall_open(L("/tmp/l"), O_CREAT | O_RDWR, 0600);
	long b = halvm_syscall_open(L("/tmp/l"), O_RDWR, 0);
	struct abi_flock range = {.type = F_WRLCK, .start = 10, .size = 10};
	struct abi_flock ask = {.type = F_RDLCK, .start = 0, .size = 0};

	check(halvm_syscall_flock(a, LOCK_SH) == 0 &&
		  halvm_syscall_flock(b, LOCK_SH | LOCK_NB) == 0 &&
		  halvm_syscall_flock(a, LOCK_EX | LOCK_NB) == -EAGAIN &&
		  halvm_syscall_flock(b, LOCK_EX | LOCK_NB) == 0 &&
		  halvm_syscall_flock(a, LOCK_SH | LOCK_NB) == -EAGAIN &&
		  halvm_syscall_flock(b, LOCK_UN) == 0 &&
		  halvm_syscall_flock(a, LOCK_EX | LOCK_NB) == 0,
	      "flock");
	check(halvm_syscall_fcntl(a, F_OFD_SETLK, L(&range)) == 0 &&
		  halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.type == F_WRLCK && ask.start == 10 && ask.size == 10 &&
		  ask.pid == -1,
	      "F_OFD_SETLK and F_OFD_GETLK");
	range.start = 15;
	check(halvm_syscall_fcntl(b, F_SETLK, L(&range)) == -EAGAIN,
	      "F_SETLK against F_OFD_SETLK");
	range.start = 12;
	range.size = 3;
	range.type = F_UNLCK;
	ask = (struct abi_flock){.type = F_RDLCK, .start = 12, .size = 3};
	check(halvm_syscall_fcntl(a, F_OFD_SETLK, L(&range)) == 0 &&
		  halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.type == F_UNLCK,
	      "a hole in a lock");
	ask = (struct abi_flock){.type = F_RDLCK, .start = 12, .size = 0};
	check(halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.start == 15 && ask.size == 5,
	      "and what is left of it");
	halvm_syscall_close(a);
	ask = (struct abi_flock){.type = F_WRLCK};
	check(halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.type == F_UNLCK &&
		  halvm_syscall_flock(b, LOCK_EX | LOCK_NB) == 0,
	      "closing gives locks up");
	halvm_syscall_close(b);
	halvm_syscall_unlink(L("/tmp/l"));
}

int main(void)
{
	vfs_start();
	test_locks();
	test_waiting();
	return check_done();
}
