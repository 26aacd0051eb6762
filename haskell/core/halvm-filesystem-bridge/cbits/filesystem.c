/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files, answered by HaLVM.Bridge.FileSystem.
 */
#include <HsFFI.h>
#include <stdlib.h>

#include <halvm/bridge.h>

/* Foreign exports. */
extern void halvm_bridge_files_open(void *c, const void *path, HsWord32 flags,
				    HsWord32 mode, void *made);
extern void halvm_bridge_files_close(void *c, HsWord64 h);
extern void halvm_bridge_files_read(void *c, HsWord64 h, void *to, HsInt n,
				    HsWord64 at);
extern void halvm_bridge_files_write(void *c, HsWord64 h, const void *from,
				     HsInt n, void *at);
extern void halvm_bridge_files_truncate(void *c, HsWord64 h, HsWord64 size);
extern void halvm_bridge_files_sync(void *c, HsWord64 h, HsInt32 only_data);
extern void halvm_bridge_files_status(void *c, HsWord64 h, void *status);
extern void halvm_bridge_files_path_status(void *c, const void *path,
					   HsInt32 follow, void *status);
extern void halvm_bridge_files_list(void *c, HsWord64 h, HsWord64 at, void *to,
				    HsInt n);
extern void halvm_bridge_files_make_directory(void *c, const void *path,
					      HsWord32 mode);
extern void halvm_bridge_files_remove_directory(void *c, const void *path);
extern void halvm_bridge_files_unlink(void *c, const void *path);
extern void halvm_bridge_files_rename(void *c, const void *from, const void *to,
				      HsWord32 flags);
extern void halvm_bridge_files_link(void *c, const void *old, const void *new,
				    HsInt32 follow);
extern void halvm_bridge_files_symlink(void *c, const void *target,
				       const void *path);
extern void halvm_bridge_files_read_link(void *c, const void *path, void *to,
					 HsInt n);
extern void halvm_bridge_files_set_mode(void *c, const void *path,
					HsWord32 mode, HsInt32 follow);
extern void halvm_bridge_files_set_owner(void *c, const void *path, HsWord32 u,
					 HsWord32 g, HsInt32 follow);
extern void halvm_bridge_files_set_times(void *c, const void *path, HsInt64 a,
					 HsInt64 m, HsInt32 follow);
extern void halvm_bridge_files_space(void *c, void *space);

/* The body of a table's function. */
#define ANSWER(type, name, ...)                                                \
	do {                                                                   \
		struct halvm_bridge_call call;                                 \
                                                                               \
		halvm_bridge_enter(&call, HALVM_FILES);                        \
		halvm_bridge_files_##name(&call, __VA_ARGS__);                 \
		return (type)halvm_bridge_leave(&call);                        \
	} while (0)

static int files_may_enter(void)
{
	return halvm_bridge_may_enter(HALVM_FILES);
}

static int files_open(const char *path, unsigned flags, unsigned mode,
		      halvm_handle *made)
{
	ANSWER(int, open, path, flags, mode, made);
}

static int files_close(halvm_handle h)
{
	ANSWER(int, close, h);
}

static long files_read(halvm_handle h, void *to, size_t n, uint64_t at)
{
	ANSWER(long, read, h, to, (HsInt)n, at);
}

static long files_write(halvm_handle h, const void *from, size_t n,
			uint64_t *at)
{
	ANSWER(long, write, h, from, (HsInt)n, at);
}

static int files_truncate(halvm_handle h, uint64_t size)
{
	ANSWER(int, truncate, h, size);
}

static int files_sync(halvm_handle h, int only_data)
{
	ANSWER(int, sync, h, only_data);
}

static int files_status(halvm_handle h, struct halvm_file_status *s)
{
	ANSWER(int, status, h, s);
}

static int files_path_status(const char *path, int follow,
			     struct halvm_file_status *s)
{
	ANSWER(int, path_status, path, follow, s);
}

static long files_list(halvm_handle h, uint64_t at, void *to, size_t n)
{
	ANSWER(long, list, h, at, to, (HsInt)n);
}

static int files_make_directory(const char *path, unsigned mode)
{
	ANSWER(int, make_directory, path, mode);
}

static int files_remove_directory(const char *path)
{
	ANSWER(int, remove_directory, path);
}

static int files_unlink(const char *path)
{
	ANSWER(int, unlink, path);
}

static int files_rename(const char *from, const char *to, unsigned flags)
{
	ANSWER(int, rename, from, to, flags);
}

static int files_link(const char *old_path, const char *new_path, int follow)
{
	ANSWER(int, link, old_path, new_path, follow);
}

static int files_symlink(const char *target, const char *path)
{
	ANSWER(int, symlink, target, path);
}

static long files_read_link(const char *path, char *to, size_t n)
{
	ANSWER(long, read_link, path, to, (HsInt)n);
}

static int files_set_mode(const char *path, unsigned mode, int follow)
{
	ANSWER(int, set_mode, path, mode, follow);
}

static int files_set_owner(const char *path, uint32_t uid, uint32_t gid,
			   int follow)
{
	ANSWER(int, set_owner, path, uid, gid, follow);
}

static int files_set_times(const char *path, int64_t atime, int64_t mtime,
			   int follow)
{
	ANSWER(int, set_times, path, atime, mtime, follow);
}

static int files_space(struct halvm_space *s)
{
	ANSWER(int, space, s);
}

static struct halvm_files_provider table = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = files_may_enter,
    .open = files_open,
    .close = files_close,
    .read = files_read,
    .write = files_write,
    .truncate = files_truncate,
    .sync = files_sync,
    .status = files_status,
    .path_status = files_path_status,
    .list = files_list,
    .make_directory = files_make_directory,
    .remove_directory = files_remove_directory,
    .unlink = files_unlink,
    .rename = files_rename,
    .link = files_link,
    .symlink = files_symlink,
    .read_link = files_read_link,
    .set_mode = files_set_mode,
    .set_owner = files_set_owner,
    .set_times = files_set_times,
    .space = files_space,
};

/* A program may say where its files are, in a C source of its own. */
extern const char halvm_files_mount[] __attribute__((weak));

/* The package's ld-options name it. */
void halvm_bridge_filesystem(void);

__attribute__((constructor)) void halvm_bridge_filesystem(void)
{
	const char *mount = getenv("HALVM_FILES_MOUNT");
	static int done;

	if (done++)
		return;
	if (!mount || !*mount)
		mount = halvm_files_mount ? halvm_files_mount : "/";
	table.mount = mount;
	halvm_bridge_provided("file system", halvm_provide_files(&table));
}
