/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rt_vfs.h - what the tests of the file system have in common: a machine with
 * an empty tree, and its system calls.
 */
#ifndef TEST_RT_VFS_H
#define TEST_RT_VFS_H

#include "check.h"
#include "core/pages.h"
#include "core/process.h"
#include "core/thread.h"
#include "halvm/abi/dirent.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/fcntl.h"
#include "halvm/abi/stat.h"
#include "halvm/syscalls.h"
#include "host.h"
#include "io/vfs.h"

#define VFS_RAM (64UL << 20)

/* A pointer as a system call takes it. */
#define L(p) ((long)(p))

/* The program is /bin/x y, on the machine "host". */
static inline void vfs_start(void)
{
	static char *arguments[] = {"/bin/x", "y", NULL};
	static char *environment[] = {"A=B", NULL};

	host_ram_start(VFS_RAM);
	pages_add(0, VFS_RAM);
	host_threads_start();
	process.arguments = arguments;
	process.environment = environment;
	strcpy(process.host_name, "host");
	vfs_init(NULL, 0, "/proc/self/cwd/nowhere");
}

#endif
