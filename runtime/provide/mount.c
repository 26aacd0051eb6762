/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mount.c - providers of files: where they are mounted, and the process's own
 * facts about paths, its working folder and mask.
 */
#include "provide/files.h"
#include "halvm/abi/stat.h"
#include "lib/string.h"
#include "provide/wrap.h"

#define MOUNTS_MAX 64

/* Entries below `count` are complete.  Writers take the lock. */
static struct provide_mount mounts[MOUNTS_MAX];
static uint32_t count;
static struct provide_lock mounts_lock;

/* Places of the descriptor table's kind: a slot of its own. */
static struct provide_file *place;
static uint32_t mask;

bool mounts_any(void)
{
	return __atomic_load_n(&count, __ATOMIC_ACQUIRE) != 0;
}

static bool is_in(const char *path, size_t n, const char *folder, size_t length)
{
	return n >= length && memcmp(path, folder, length) == 0 &&
	       (n == length || path[length] == '/');
}

const struct provide_mount *mount_of(const char *path, size_t n)
{
	uint32_t end = __atomic_load_n(&count, __ATOMIC_ACQUIRE);
	const struct provide_mount *best = NULL;

	for (uint32_t i = 0; i < end; i++) {
		const struct provide_mount *m = &mounts[i];

		if ((best && m->length <= best->length) ||
		    !is_in(path, n, m->table->mount, m->length))
			continue;
		if (m->length == 0 &&
		    (is_in(path, n, "/dev", 4) || is_in(path, n, "/proc", 5)))
			continue;
		best = m;
	}
	return best;
}

bool mounts_mentioned(const char *path)
{
	uint32_t end = __atomic_load_n(&count, __ATOMIC_ACQUIRE);

	for (uint32_t i = 0; i < end; i++) {
		const struct provide_mount *m = &mounts[i];
		const char *last = m->table->mount + m->length, *p = path;
		size_t n = 0;

		while (n < m->length && last[-1] != '/') {
			last--;
			n++;
		}
		for (; *p; p += path_component(p)) {
			p += *p == '/';
			if (n && strncmp(p, last, n) == 0 &&
			    (p[n] == '/' || !p[n]))
				return true;
		}
	}
	return false;
}

const struct halvm_files_provider *mount_enter(const struct provide_mount *m)
{
	if (m->table->may_enter() != 1)
		return NULL;
	provide_close_late();
	return m->table;
}

struct provide_file *place_get(void)
{
	return provide_get_from(&place);
}

void place_set(struct provide_file *f)
{
	provide_put(__atomic_exchange_n(&place, f, __ATOMIC_ACQ_REL));
}

void place_refresh(void)
{
	char path[PROVIDE_PATH_MAX];
	long n = target(getcwd, (long)path, sizeof(path));
	struct provide_file *f = NULL;

	if (n > 0 && path[0] == '/')
		f = provide_new(PROVIDE_PLACE, NULL);
	if (f && path_keep(f, path)) {
		provide_put(f);
		f = NULL;
	}
	place_set(f);
}

/* The root of a mount on / is the working folder at the start. */
static void place_root(const struct provide_mount *m)
{
	struct provide_file *f = provide_new(PROVIDE_PLACE, NULL);

	if (!f)
		return;
	f->mount = m;
	path_keep(f, "/"); /* short: can't fail */
	place_set(f);
}

uint32_t umask_now(void)
{
	return __atomic_load_n(&mask, __ATOMIC_RELAXED);
}

void umask_init(void)
{
	long old = target(umask, 077);

	target(umask, old);
	__atomic_store_n(&mask, (uint32_t)old & 0777, __ATOMIC_RELAXED);
}

WRAP_ALWAYS1(umask, value)
{
	__atomic_store_n(&mask, (uint32_t)value & 0777, __ATOMIC_RELAXED);
	return target(umask, value);
}

/* Length without slashes at the end, or -1 if it isn't a normal path. */
static long mount_length(const char *path)
{
	size_t n = strlen(path), start = 1;

	if (path[0] != '/' || n >= PROVIDE_PATH_MAX)
		return -1;
	while (n > 0 && path[n - 1] == '/')
		n--;
	for (size_t i = 1; i <= n; i++) {
		const char *component = path + start;
		size_t size = i - start;

		if (i < n && path[i] != '/')
			continue;
		if (size == 0 || (size == 1 && component[0] == '.') ||
		    (size == 2 && component[0] == '.' && component[1] == '.'))
			return -1;
		start = i + 1;
	}
	return (long)n;
}

static int add(const struct halvm_files_provider *table, size_t length)
{
	struct provide_mount *m = &mounts[count];

	for (uint32_t i = 0; i < count; i++)
		if (mounts[i].length == length &&
		    memcmp(mounts[i].table->mount, table->mount, length) == 0)
			return -EBUSY;
	if (count == MOUNTS_MAX)
		return -ENOMEM;
	m->table = table;
	m->length = length;
	/* Linux gives minor numbers of major 0 from the low end. */
	m->dev = ABI_DEV(0, 0xff000 + count);
	__atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
	return 0;
}

int halvm_provide_files(const struct halvm_files_provider *table)
{
	provide_signals before;
	const struct provide_mount *m;
	long length;
	int error;

	if (!table || table->abi != HALVM_PROVIDER_ABI || !table->may_enter ||
	    !table->mount || !table->open || !table->close || !table->status ||
	    !table->path_status)
		return -EINVAL;
	length = mount_length(table->mount);
	if (length < 0)
		return -EINVAL;
	before = provide_lock(&mounts_lock);
	error = add(table, (size_t)length);
	m = &mounts[count - 1];
	if (!error && count == 1) {
		umask_init();
		place_refresh();
	}
	provide_unlock(&mounts_lock, before);
	if (!error && length == 0)
		place_root(m);
	return error;
}

int halvm_below_open(const char *path, unsigned flags, unsigned mode)
{
	return (int)target(open, (long)path, flags, mode);
}
