/* SPDX-License-Identifier: BSD-3-Clause */
#include "mapfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool mapfile_open(struct mapfile *m, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int saved;

	m->data = "";
	m->len = 0;
	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0)
		goto fail;
	errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	if (!S_ISREG(st.st_mode))
		goto fail;
	if (st.st_size > 0) {
		m->data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
			       fd, 0);
		if (m->data == MAP_FAILED)
			goto fail;
		m->len = (size_t)st.st_size;
	}
	close(fd);
	return true;
fail:
	saved = errno;
	close(fd);
	errno = saved;
	return false;
}

void mapfile_close(struct mapfile *m)
{
	if (m->len)
		munmap((void *)(uintptr_t)m->data, m->len);
	m->data = "";
	m->len = 0;
}
