/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pair.c - two new descriptors at once.
 */
#include "sys/pair.h"
#include "arch/user.h"
#include "halvm/abi/errno.h"

long pair_install(struct file *end[2], int *fds, bool cloexec)
{
	int fd[2] = {fd_reserve(0), -1};
	long error = fd[0] < 0 ? fd[0] : 0;

	if (!error) {
		fd[1] = fd_reserve(0);
		error = fd[1] < 0 ? fd[1] : 0;
	}
	if (!error)
		error = user_write(fds, fd, sizeof(fd));
	for (int i = 0; i < 2; i++) {
		if (!error) {
			fd_fill(fd[i], end[i], cloexec);
			continue;
		}
		if (fd[i] >= 0)
			fd_unreserve(fd[i]);
		file_put(end[i]);
	}
	return error;
}
