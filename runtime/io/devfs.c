/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * devfs.c - the devices that need no driver: null(4), full(4), random(4).
 *
 * The console's file comes from who owns the console (vfs_open_console).
 */
#include "io/devfs.h"
#include "core/entropy.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/ramfs.h"
#include "io/vfs.h"

/* Linux's Documentation/admin-guide/devices.txt. */
#define DEV_NULL ABI_DEV(1, 3)
#define DEV_ZERO ABI_DEV(1, 5)
#define DEV_FULL ABI_DEV(1, 7)
#define DEV_RANDOM ABI_DEV(1, 8)
#define DEV_URANDOM ABI_DEV(1, 9)
#define DEV_TTY ABI_DEV(5, 0)
#define DEV_CONSOLE ABI_DEV(5, 1)

#define RANDOM_CHUNK 256

static long read_nothing(struct file *f, struct uio *to, uint64_t *pos)
{
	(void)f;
	(void)to;
	(void)pos;
	return 0;
}

static long write_away(struct file *f, struct uio *from, uint64_t *pos)
{
	(void)f;
	(void)pos;
	return (long)from->left;
}

static long read_zeros(struct file *f, struct uio *to, uint64_t *pos)
{
	size_t n = to->left;
	int error = uio_write_zeros(to, n);

	(void)f;
	(void)pos;
	return error ? error : (long)n;
}

static long write_full(struct file *f, struct uio *from, uint64_t *pos)
{
	(void)f;
	(void)from;
	(void)pos;
	return -ENOSPC;
}

/* random(4): waits until there was enough entropy once; urandom never. */
static long read_random(struct file *f, struct uio *to, uint64_t *pos)
{
	bool wait = f->inode->rdev == DEV_RANDOM;
	unsigned char chunk[RANDOM_CHUNK];
	long done = 0;
	int error = 0;

	(void)pos;
	while (to->left && !error) {
		size_t n = to->left < sizeof(chunk) ? to->left : sizeof(chunk);

		if (wait)
			error = entropy_read(chunk, n,
					     !(file_flags(f) & O_NONBLOCK));
		else
			entropy_read_insecure(chunk, n);
		if (!error)
			error = uio_write(to, chunk, n);
		if (!error)
			done += (long)n;
		if (signal_interrupts())
			break;
	}
	__builtin_memset(chunk, 0, sizeof(chunk));
	return done ? done : error;
}

static long write_random(struct file *f, struct uio *from, uint64_t *pos)
{
	unsigned char chunk[RANDOM_CHUNK];
	long done = 0;
	int error = 0;

	(void)f;
	(void)pos;
	while (from->left && !error) {
		size_t n =
		    from->left < sizeof(chunk) ? from->left : sizeof(chunk);

		error = uio_read(chunk, from, n);
		if (!error) {
			entropy_add(chunk, n, 0);
			done += (long)n;
		}
	}
	return done ? done : error;
}

/* There is no place in a device, and it is no error to ask for one. */
static long seek_nowhere(struct file *f, int64_t offset, int whence)
{
	(void)f;
	(void)offset;
	(void)whence;
	return 0;
}

static void release_device(struct file *f)
{
	lock_file_released(f);
	inode_put(f->inode);
}

#define DEVICE_OPS(read_fn, write_fn)                                          \
	{                                                                      \
		.read = read_fn, .write = write_fn, .seek = seek_nowhere,      \
		.release = release_device                                      \
	}

static const struct file_ops null_ops = DEVICE_OPS(read_nothing, write_away);
static const struct file_ops zero_ops = DEVICE_OPS(read_zeros, write_away);
static const struct file_ops full_ops = DEVICE_OPS(read_zeros, write_full);
static const struct file_ops random_ops = DEVICE_OPS(read_random, write_random);

static const struct device {
	const char *name;
	uint32_t rdev, mode;
	const struct file_ops *ops; /* NULL: the console's */
} devices[] = {
    {"null", DEV_NULL, 0666, &null_ops},
    {"zero", DEV_ZERO, 0666, &zero_ops},
    {"full", DEV_FULL, 0666, &full_ops},
    {"random", DEV_RANDOM, 0666, &random_ops},
    {"urandom", DEV_URANDOM, 0666, &random_ops},
    {"tty", DEV_TTY, 0666, NULL},
    {"console", DEV_CONSOLE, 0600, NULL},
    {TTY_NAME, TTY_RDEV, 0620, NULL},
};

static const struct {
	const char *name, *target;
} links[] = {
    {"fd", "/proc/self/fd"},
    {"stdin", "/proc/self/fd/0"},
    {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

void devfs_populate(struct inode *dir)
{
	struct vfs_new what = {.mode = S_IFDIR | 01777};

	ramfs_add(dir, "shm", &what);
	for (unsigned i = 0; i < COUNT(devices); i++) {
		what.mode = S_IFCHR | devices[i].mode;
		what.rdev = devices[i].rdev;
		ramfs_add(dir, devices[i].name, &what);
	}
	what.mode = S_IFLNK;
	for (unsigned i = 0; i < COUNT(links); i++) {
		what.target = links[i].target;
		ramfs_add(dir, links[i].name, &what);
	}
}

void devfs_stat(struct inode *inode, struct abi_stat *st)
{
	if (inode->rdev != TTY_RDEV)
		return;
	st->dev = TTY_DEVICE;
	st->ino = TTY_INODE;
}

int devfs_open(struct inode *inode, uint32_t flags, struct file **file)
{
	const struct device *d = devices;
	struct file *f;

	while (d->rdev != inode->rdev)
		if (++d == devices + COUNT(devices))
			return -ENXIO;
	if (!d->ops)
		return vfs_open_console ? vfs_open_console(flags, file)
					: -ENXIO;
	f = file_create(d->ops, NULL, flags);
	if (!f)
		return -ENOMEM;
	f->inode = inode_get(inode);
	f->has_pos = true;
	*file = f;
	return 0;
}
