/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A provider of files that returns what it must not: the layer says -EIO, and
 * touches no byte that isn't its own.  The sanitizers look on.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "check.h"
#include "provide_real.h"
#include "provide_wrapped.h"
#include "halvm/provider.h"

static long result;   /* of most functions */
static uint64_t size; /* of all files */
static uint32_t mode = S_IFREG | 0644;
static halvm_handle given = 7;
static unsigned char bytes[512]; /* a list */
static unsigned closed;

static int enter(void)
{
	return 1;
}

static int do_open(const char *path, unsigned flags, unsigned m,
		   halvm_handle *made)
{
	(void)path, (void)flags, (void)m;
	*made = given;
	return given == 7 ? 0 : (int)result;
}

static int do_close(halvm_handle h)
{
	closed += h == 7;
	return 0;
}

static long do_read(halvm_handle h, void *to, size_t n, uint64_t at)
{
	(void)h, (void)to, (void)n, (void)at;
	return result;
}

static long do_write(halvm_handle h, const void *from, size_t n, uint64_t *at)
{
	(void)h, (void)from, (void)n;
	*at = size;
	return result;
}

static int do_truncate(halvm_handle h, uint64_t n)
{
	(void)h, (void)n;
	return (int)result;
}

static int do_status(halvm_handle h, struct halvm_file_status *s)
{
	(void)h;
	*s = (struct halvm_file_status){.inode = 1, .mode = mode, .size = size};
	return 0;
}

static int do_path_status(const char *path, int follow,
			  struct halvm_file_status *s)
{
	(void)path, (void)follow;
	return do_status(7, s);
}

static long do_list(halvm_handle h, uint64_t at, void *to, size_t n)
{
	(void)h, (void)at;
	memcpy(to, bytes, n < sizeof(bytes) ? n : sizeof(bytes));
	return result;
}

static int on_name(const char *path)
{
	(void)path;
	return (int)result;
}

static long do_read_link(const char *path, char *to, size_t n)
{
	(void)path, (void)to, (void)n;
	return result;
}

static struct halvm_files_provider table = {.abi = HALVM_PROVIDER_ABI,
					    .may_enter = enter,
					    .mount = "/bad",
					    .open = do_open,
					    .close = do_close,
					    .read = do_read,
					    .write = do_write,
					    .truncate = do_truncate,
					    .status = do_status,
					    .path_status = do_path_status,
					    .list = do_list,
					    .unlink = on_name,
					    .read_link = do_read_link};

static const long wrong[] = {101,      4096,	 INT_MAX,  LONG_MAX,
			     LONG_MIN, -4096,	 -1000000, 1L << 32,
			     -4097,    1L << 62, -INT_MAX};

static void test_counts(void)
{
	char b[100];
	long fd = wrapped(open, (long)"/bad/f", O_RDWR, 0);
	long in[2] = {(long)b, 60};
	bool reads = true, writes = true, links = true, places;

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		result = wrong[i];
		reads = reads && wrapped(read, fd, (long)b, 100) == -EIO &&
			wrapped(pread64, fd, (long)b, 100, 5) == -EIO &&
			wrapped(readv, fd, (long)in, 1) == -EIO;
		writes = writes && wrapped(write, fd, (long)b, 100) == -EIO &&
			 wrapped(pwrite64, fd, (long)b, 100, 5) == -EIO;
		links = links &&
			wrapped(readlink, (long)"/bad/f", (long)b, 100) == -EIO;
	}
	check(reads, "counts of reads");
	check(links, "counts of links");
	result = 0;
	writes = writes && wrapped(write, fd, (long)b, 100) == -EIO;
	check(writes, "counts of writes, 0 too");
	places = wrapped(lseek, fd, 0, SEEK_CUR) == 0;
	wrapped(fcntl, fd, F_SETFL, O_APPEND);
	result = 10;
	size = UINT64_MAX;
	places = places && wrapped(write, fd, (long)b, 100) == -EIO;
	size = 1UL << 63;
	places = places && wrapped(write, fd, (long)b, 100) == -EIO;
	check(places && wrapped(lseek, fd, 0, SEEK_CUR) == 0,
	      "the place stays");
	wrapped(close, fd);
}

static void test_results(void)
{
	struct stat s;
	long fd = 0;

	result = 5;
	check(wrapped(unlink, (long)"/bad/f") == -EIO, "a positive error");
	result = -5000;
	check(wrapped(truncate, (long)"/bad/f", 1) == -EIO, "a wild one");
	size = UINT64_MAX;
	check(wrapped(stat, (long)"/bad/f", (long)&s) == -EOVERFLOW,
	      "a size that is none");
	check(wrapped(open, (long)"/bad/f", O_RDONLY, 0) == -EOVERFLOW,
	      "nor can it be opened");
	size = 0;
	given = 0;
	result = 0;
	check(wrapped(open, (long)"/bad/f", O_RDONLY, 0) == -EIO, "no handle");
	result = 3;
	check(wrapped(open, (long)"/bad/f", O_RDONLY, 0) == -EIO,
	      "open says 3");
	given = 7;
	result = 0;
	table.truncate = NULL;
	fd = wrapped(open, (long)"/bad/f", O_RDWR, 0);
	check(wrapped(ftruncate, fd, 1) == -EROFS, "a missing function");
	wrapped(close, fd);
	table.truncate = do_truncate;
}

static void put_entry(unsigned at, unsigned record, const char *name)
{
	memset(bytes + at, 0, 19);
	bytes[at + 8] = 9; /* where the list goes on */
	bytes[at + 16] = (unsigned char)record;
	bytes[at + 17] = (unsigned char)(record >> 8);
	strcpy((char *)bytes + at + 19, name);
}

/* The list of these bytes, in a buffer of just the size. */
static long list(long fd, long n, size_t room)
{
	char *b = malloc(room);
	long r;

	result = n;
	r = wrapped(getdents64, fd, (long)b, (long)room);
	free(b);
	if (r == n) {
		b = malloc(room);
		wrapped(lseek, fd, 0, SEEK_SET);
		if (wrapped(getdents, fd, (long)b, (long)room) != n)
			r = 1;
		free(b);
	}
	return r;
}

static void test_entries(void)
{
	unsigned seed = 1, bad = 0;
	long fd;

	mode = S_IFDIR | 0755;
	fd = wrapped(open, (long)"/bad/d", O_RDONLY, 0);
	put_entry(0, 24, "a");
	put_entry(24, 32, "bcd");
	check(list(fd, 56, 512) == 56, "entries");
	check(list(fd, 56, 56) == 56, "entries that just fit");
	check(list(fd, 55, 512) == -EIO, "a byte less");
	check(list(fd, 57, 512) == -EIO, "a byte more");
	check(list(fd, 600, 512) == -EIO, "more than there is room");
	put_entry(24, 0, "bcd");
	check(list(fd, 56, 512) == -EIO, "an empty record");
	put_entry(24, 65528, "bcd");
	check(list(fd, 56, 512) == -EIO, "a large record");
	put_entry(24, 32, "");
	check(list(fd, 56, 512) == -EIO, "a name of nothing");
	put_entry(24, 32, "aaaaaaaaaaaaaaaaa");
	check(list(fd, 56, 512) == -EIO, "a name without end");
	for (unsigned i = 0; i < 20000; i++) {
		for (unsigned k = 0; k < sizeof(bytes); k++) {
			seed = seed * 1103515245 + 12345;
			bytes[k] = k % 24 == 16 ? (unsigned char)(seed >> 27)
						: (unsigned char)(seed >> 16);
			if (k % 24 == 17 || k % 24 == 21)
				bytes[k] = 0;
		}
		bad += list(fd, (long)(seed >> 16) % 600, 512) < 0;
	}
	check(bad > 0, "%u of 20000 wild lists", bad);
	wrapped(close, fd);
	mode = S_IFREG | 0644;
}

static void test_maps(void)
{
	long fd = wrapped(open, (long)"/bad/f", O_RDONLY, 0), p;

	result = -EIO;
	check(wrapped(mmap, 0, 8192, PROT_READ, MAP_PRIVATE, fd, 0) == -EIO,
	      "a map of what can't be read");
	result = 0;
	p = wrapped(mmap, 0, 8192, PROT_READ, MAP_PRIVATE, fd, 4096);
	check(p > 0 && *(char *)p == 0, "of what is empty");
	munmap((void *)p, 8192);
	check(wrapped(mmap, 0, 8192, PROT_READ, MAP_PRIVATE, fd, 5) == -EINVAL,
	      "from within a page");
	wrapped(close, fd);
}

int main(void)
{
	check(halvm_provide_files(&table) == 0, "a provider");
	test_counts();
	test_results();
	test_entries();
	test_maps();
	check(closed == 6, "all were closed: %u", closed);
	return check_done();
}
