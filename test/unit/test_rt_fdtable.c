/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * io/fdtable.c, io/file.c, sys/fd.c, sys/rw.c: descriptors.
 */
#include "rt_io.h"
#include "halvm/abi/ioctl.h"
#include "io/file.h"

static int released, closed;

static void count_release(struct file *f)
{
	(void)f;
	released++;
}

static void count_close(struct file *f)
{
	(void)f;
	closed++;
}

static const struct file_ops ops = {
    .close = count_close,
    .release = count_release,
};

static struct file *new_file(uint32_t flags)
{
	return file_create(&ops, NULL, flags);
}

static void test_lowest(void)
{
	int fd[200];

	for (int i = 0; i < 200; i++)
		fd[i] = fd_install(new_file(O_RDWR), 0, false);
	check(fd[0] == 0 && fd[199] == 199, "in order");
	check(sys(close, 3) == 0 && sys(close, 130) == 0, "closed");
	check(sys(close, 3) == -EBADF, "closed twice");
	check(released == 2 && closed == 2, "the files went");
	check(sys(dup, 0) == 3, "the lowest is taken again");
	check(sys(dup, 0) == 130, "and the next lowest");
	check(sys(fcntl, 0, F_DUPFD, 64) == 200, "F_DUPFD, none free before");
	check(sys(fcntl, 0, F_DUPFD, 1000) == 1000, "F_DUPFD above");
	check(sys(fcntl, 0, F_DUPFD, FD_MAX_DEFAULT) == -EINVAL,
	      "F_DUPFD beyond the limit");
	check(sys(fcntl, 0, F_DUPFD, -1) == -EINVAL, "F_DUPFD negative");
	check(sys(dup2, 0, 70000) == -EBADF, "dup2 beyond the limit");
	check(sys(dup2, 999, 3) == -EBADF, "dup2 of nothing");
	check(sys(dup2, 5, 5) == 5, "dup2 to itself");
	check(sys(dup3, 5, 5, 0) == -EINVAL, "dup3 to itself");
	released = 0;
	check(sys(dup2, 0, 7) == 7 && released == 1, "dup2 closes");
	check(fd_next(201) == 1000 && fd_next(1001) == -1, "fd_next");
	check(sys(close_range, 100, -1, 0) == 0, "close_range");
	check(fd_next(100) == -1 && fd_next(99) == 99, "closed the range");
	check(sys(close_range, 5, 4, 0) == -EINVAL, "a range upside down");
	sys(close_range, 0, -1, 0);
	check(fd_next(0) == -1, "all closed");
}

static void test_cloexec(void)
{
	int fd = fd_install(new_file(O_RDWR | O_CLOEXEC), 0, true);

	check(sys(fcntl, fd, F_GETFD, 0) == FD_CLOEXEC, "close-on-exec");
	check(sys(dup, fd) == 1 && sys(fcntl, 1, F_GETFD, 0) == 0,
	      "not of the duplicate");
	check(sys(fcntl, fd, F_DUPFD_CLOEXEC, 0) == 2 &&
		  sys(fcntl, 2, F_GETFD, 0) == FD_CLOEXEC,
	      "F_DUPFD_CLOEXEC");
	sys(fcntl, fd, F_SETFD, 0);
	check(sys(fcntl, fd, F_GETFD, 0) == 0, "cleared");
	sys(ioctl, fd, FIOCLEX, 0);
	check(sys(fcntl, fd, F_GETFD, 0) == FD_CLOEXEC, "FIOCLEX");
	check(sys(fcntl, 77, F_GETFD, 0) == -EBADF, "F_GETFD of nothing");
	sys(close_range, 0, -1, CLOSE_RANGE_CLOEXEC);
	check(sys(fcntl, 1, F_GETFD, 0) == FD_CLOEXEC, "CLOSE_RANGE_CLOEXEC");
	sys(close_range, 0, -1, 0);
}

static void test_flags(void)
{
	int fd = fd_install(new_file(O_RDWR | O_CREAT | O_APPEND), 0, false);
	int on = 1;

	check(sys(fcntl, fd, F_GETFL, 0) == (O_RDWR | O_APPEND | O_LARGEFILE),
	      "F_GETFL without what is of the opening");
	sys(fcntl, fd, F_SETFL, O_NONBLOCK | O_WRONLY);
	check(sys(fcntl, fd, F_GETFL, 0) == (O_RDWR | O_NONBLOCK | O_LARGEFILE),
	      "F_SETFL leaves the mode");
	on = 0;
	check(sys(ioctl, fd, FIONBIO, (long)&on) == 0 &&
		  !(sys(fcntl, fd, F_GETFL, 0) & O_NONBLOCK),
	      "FIONBIO");
	check(sys(ioctl, fd, 0x1234, 0) == -ENOTTY, "an unknown ioctl");
	check(sys(fcntl, fd, 999, 0) == -EINVAL, "an unknown fcntl");
	check(sys_read(fd, &on, 4) == -EINVAL, "a read of what can't");
	check(sys(pread64, fd, (long)&on, 4, 0) == -ESPIPE, "pread: no place");
	check(sys(pread64, fd, (long)&on, 4, -1) == -EINVAL, "pread: negative");
	sys(close, fd);
	fd = fd_install(new_file(O_RDONLY), 0, false);
	check(sys_write(fd, &on, 4) == -EBADF, "not open for writing");
	sys(close, fd);
	fd = fd_install(new_file(O_PATH), 0, false);
	check(sys_read(fd, &on, 4) == -EBADF, "O_PATH isn't read");
	check(sys(ioctl, fd, FIONBIO, (long)&on) == -EBADF, "nor controlled");
	check(sys(fcntl, fd, F_GETFD, 0) == 0, "but it is a descriptor");
	check(sys_ready(fd) == POLLNVAL, "poll says no");
	sys(close, fd);
	check(sys_read(-1, &on, 4) == -EBADF, "-1");
}

static void test_many(void)
{
	struct file *f = new_file(O_RDWR);
	long objects = host_heap_objects;
	int fd, n = 0;

	(void)objects;
	do {
		file_get(f);
		fd = fd_install(f, 0, false);
		n += fd >= 0;
	} while (fd >= 0);
	check(fd == -EMFILE && n == FD_MAX_DEFAULT, "all %d", n);
	check(fd_close(64 * 64 * 3 + 5) == 0 && fd_close(40000) == 0, "holes");
	check(sys(dup, 0) == 64 * 64 * 3 + 5, "the lower");
	check(sys(dup, 0) == 40000, "the higher");
	check(sys(dup, 0) == -EMFILE, "full");
	fd_close(12);
	check(sys(fcntl, 0, F_DUPFD, 13) == -EMFILE, "none above");
	check(fd_reserve(0) == 12, "reserved");
	check(fd_get(12) == NULL && fd_close(12) == -EBADF, "nobody's");
	check(sys(dup2, 0, 12) == -EBUSY, "dup2 of a reserved one");
	fd_unreserve(12);
	check(sys(dup, 0) == 12, "given back");
	fd_set_limit(100);
	check(sys(dup2, 0, 100) == -EBADF, "a lower limit");
	fd_set_limit(FD_MAX_DEFAULT);
	released = 0;
	sys(close_range, 0, -1, 0);
	check(f->references == 1 && released == 0, "one reference is left");
	file_put(f);
	check(released == 1, "none");
	host_heap_limit = 0;
	check(fd_next(0) == -1, "empty");
	host_heap_limit = -1;
}

int main(void)
{
	host_threads_start();
	test_lowest();
	test_cloexec();
	test_flags();
	test_many();
	return check_done();
}
