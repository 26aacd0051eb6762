/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/provider.h - the contract between the runtime and a provider: code of
 * the program itself that answers for the console, for files below a folder,
 * or for the network.  A Haskell implementation of one of the signatures
 * becomes a provider through the bridge packages (haskell/core); C may offer
 * one just so.
 *
 * A provider enters its table with halvm_provide_*, usually from a constructor,
 * so before main.  Only a program that refers to these has the runtime's part
 * of providers in its image (runtime/provide); the others pay nothing.
 *
 * Rules of the tables' functions:
 *   - They return a result >= 0 or -errno, with Linux's numbers.  -EAGAIN means
 *     that the call would have to wait; none of them waits but `wait` (and
 *     files', which may take their time).
 *   - They are called on the caller's thread, by several threads at once.  The
 *     runtime holds no lock meanwhile.
 *   - Pointers are good for the time of the call.  Paths end with NUL.
 *   - None is called unless may_enter() says 1 at that place.  If it says 0
 *     the console's C implementation answers in the provider's stead, and for
 *     files and sockets the call fails with -EDEADLK.
 *   - A missing function (NULL): -ENOSYS or what POSIX has for it; `abi`,
 *     may_enter and the functions marked with "always" must be there.
 *
 * Events are poll's: POLLIN 1, POLLOUT 4, POLLERR 8, POLLHUP 16, POLLRDHUP
 * 0x2000.  What is ready is told by halvm_provider_ready when it changes, so
 * that poll, select and epoll never enter the provider.
 */
#ifndef HALVM_PROVIDER_H
#define HALVM_PROVIDER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HALVM_PROVIDER_ABI 1

/* The provider's own name for what it opened; never 0. */
typedef uint64_t halvm_handle;

/* Where a write is to go that appends. */
#define HALVM_AT_END UINT64_MAX

enum halvm_provider_kind {
	HALVM_CONSOLE,
	HALVM_FILES,
	HALVM_NETWORK,
};

struct halvm_window {
	uint16_t rows, columns, width, height; /* the last two in pixels */
};

/* The console: descriptors 0, 1 and 2 as they are at the start. */
struct halvm_console_provider {
	uint32_t abi;		/* HALVM_PROVIDER_ABI */
	int (*may_enter)(void); /* always */
	/* 1 to n bytes, 0 at the end of the input, -EAGAIN. */
	long (*read)(void *to, size_t n); /* always */
	/* stream: 1 or 2.  1 to n, -EAGAIN. */
	long (*write)(int stream, const void *from, size_t n); /* always */
	/* NULL or -ENOTTY: not a terminal. */
	int (*window)(struct halvm_window *w);
	/*
	 * Till one of `events` holds for the stream (0, 1 or 2), at most
	 * `timeout` ns (-1: no end).  The events that hold, 0 at the timeout,
	 * -EINTR.
	 */
	long (*wait)(int stream, unsigned events, int64_t timeout);
};

/* Times in ns since 1970. */
struct halvm_file_status {
	uint64_t inode; /* unique in this provider, not 0 */
	uint64_t links;
	uint32_t mode; /* with S_IFMT */
	uint32_t uid, gid;
	uint32_t pad_;
	uint64_t size;
	uint64_t blocks; /* of 512 bytes */
	int64_t atime, mtime, ctime;
};

struct halvm_space {
	uint64_t block_size, blocks, free_blocks, files, free_files;
	uint32_t name_max, read_only;
};

/* Leaves a time as it is. */
#define HALVM_TIME_OMIT INT64_MAX
/* Owner or group stays. */
#define HALVM_ID_OMIT UINT32_MAX

/*
 * Files below `mount`.  Paths given to the functions begin with '/', which is
 * the mount point, and have no empty components; "." and ".." may be in them.
 * Resolving those and symbolic links, which can't lead out of the mount, is
 * the provider's.  Flags are open(2)'s, modes have the umask applied.
 */
struct halvm_files_provider {
	uint32_t abi;
	int (*may_enter)(void); /* always */
	const char *mount;	/* absolute; "/" for all but /dev and /proc */
	/* Opens, creates, truncates; also directories. */
	int (*open)(const char *path, unsigned flags, unsigned mode,
		    halvm_handle *made); /* always */
	int (*close)(halvm_handle h);	 /* always; the handle has gone */
	/* 0: the end. */
	long (*read)(halvm_handle h, void *to, size_t n, uint64_t at);
	/* *at, HALVM_AT_END before maybe, is the place after it. */
	long (*write)(halvm_handle h, const void *from, size_t n, uint64_t *at);
	int (*truncate)(halvm_handle h, uint64_t size);
	int (*sync)(halvm_handle h, int only_data);
	int (*status)(halvm_handle h, struct halvm_file_status *s); /* always */
	int (*path_status)(const char *path, int follow,
			   struct halvm_file_status *s); /* always */
	/*
	 * Entries of a directory, "." and ".." too, from place `at` (0: the
	 * first) on, as getdents64 writes them (struct linux_dirent64, d_off
	 * the place of the next).  Bytes, 0 at the end, -EINVAL: n is too
	 * small for one.
	 */
	long (*list)(halvm_handle h, uint64_t at, void *to, size_t n);
	int (*make_directory)(const char *path, unsigned mode);
	int (*remove_directory)(const char *path);
	int (*unlink)(const char *path);
	/* flags are renameat2's. */
	int (*rename)(const char *from, const char *to, unsigned flags);
	int (*link)(const char *old_path, const char *new_path, int follow);
	int (*symlink)(const char *target, const char *path);
	/* Bytes, at most n, no NUL. */
	long (*read_link)(const char *path, char *to, size_t n);
	int (*set_mode)(const char *path, unsigned mode, int follow);
	int (*set_owner)(const char *path, uint32_t uid, uint32_t gid,
			 int follow);
	int (*set_times)(const char *path, int64_t atime, int64_t mtime,
			 int follow);
	int (*space)(struct halvm_space *s);
};

/* Addresses are struct sockaddr_*, sizes their bytes. */
struct halvm_network_provider {
	uint32_t abi;
	int (*may_enter)(void); /* always */
	/*
	 * type without SOCK_NONBLOCK and the like.  -EAFNOSUPPORT leaves the
	 * family to the target.
	 */
	int (*socket)(int family, int type, int protocol,
		      halvm_handle *made); /* always */
	int (*close)(halvm_handle h);	   /* always */
	int (*bind)(halvm_handle h, const void *address, uint32_t size);
	/* -EINPROGRESS: POLLOUT tells the end, SO_ERROR how it went. */
	int (*connect)(halvm_handle h, const void *address, uint32_t size);
	int (*listen)(halvm_handle h, int backlog);
	/* *size in: room for the peer's address, out: its real size. */
	int (*accept)(halvm_handle h, halvm_handle *made, void *address,
		      uint32_t *size);
	int (*name)(halvm_handle h, int of_peer, void *address, uint32_t *size);
	/* flags: MSG_*.  address NULL: the connected peer. */
	long (*send)(halvm_handle h, const void *from, size_t n, unsigned flags,
		     const void *address, uint32_t size);
	/*
	 * address may be NULL.  *flags in: MSG_PEEK and so on, out: MSG_TRUNC
	 * if the rest of a datagram is lost.  For a datagram the result is its
	 * real size, which may exceed n; 0 is also the end of a stream.
	 */
	long (*receive)(halvm_handle h, void *to, size_t n, unsigned *flags,
			void *address, uint32_t *size);
	int (*shutdown)(halvm_handle h, int how);
	/* The runtime keeps O_NONBLOCK and the timeouts itself. */
	int (*set_option)(halvm_handle h, int level, int name,
			  const void *value, uint32_t size);
	int (*get_option)(halvm_handle h, int level, int name, void *value,
			  uint32_t *size);
	/* As the console's. */
	long (*wait)(halvm_handle h, unsigned events, int64_t timeout);
};

/*
 * Tables must stay.  Once a kind, but files once a mount point.  0, -EBUSY
 * (there is one), -EINVAL (another abi, something missing), -ENOMEM.
 */
int halvm_provide_console(const struct halvm_console_provider *table);
int halvm_provide_files(const struct halvm_files_provider *table);
int halvm_provide_network(const struct halvm_network_provider *table);

/*
 * The events that hold now for an open handle (for the console the stream is
 * the handle).  A handle that nobody knows (yet, or any more) is ignored; new
 * ones begin with POLLOUT for datagram sockets and the console's output, else
 * with nothing.  To be told each time that something becomes ready again, and
 * what holds at first is news, too.  Any thread, also with locks of the
 * provider's held; doesn't block, and enters no provider.
 */
void halvm_provider_ready(enum halvm_provider_kind kind, halvm_handle h,
			  unsigned events);

/*
 * What is below the provider, for its own use: a new descriptor of the target's
 * own console (stream 0, 1 or 2), and open(2) of the target's own files.
 * -errno.
 */
int halvm_below_console(int stream);
int halvm_below_open(const char *path, unsigned flags, unsigned mode);

#ifdef __cplusplus
}
#endif

#endif
