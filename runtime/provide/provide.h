/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * provide.h - the layer between libc's system calls and a target's runtime, in
 * which providers answer (halvm/provider.h).  What its files share.
 *
 * The layer is the same C for all targets: an object provide.o that wraps
 * system calls (mark.h) and asks the target below by __real_halvm_syscall_*.
 * halvm-ld adds it to a program that refers to halvm_provide_*.
 *
 * Descriptors.  What a provider opened is an open description, struct
 * provide_file, which descriptors refer to.  Each of these is a descriptor of
 * the target, too: its number, FD_CLOEXEC, O_NONBLOCK and O_APPEND, and
 * readiness (poll, select, epoll) are the target's.  So calls that aren't
 * wrapped see the placeholder.
 *
 * Rules:
 *   - No lock is held while a provider's function or a wrapped or sleeping
 *     __real_ one runs: a provider in Haskell may switch to another thread that
 *     makes the same call on the one thread of the system.
 *   - Signal handlers may make any call in the middle of any other.  So the
 *     table takes no lock at all, and what does blocks signals (provide_lock).
 *   - Memory comes from __real_halvm_syscall_mmap; there is no libc.
 *   - Functions return values >= 0 or -errno.
 *   - Pointers of the program's are used as they are, as in a library: but in
 *     the lowest page (NULL) a bad one is a fault (SIGSEGV), not -EFAULT,
 *     when the layer answers.  provide_bad() tells those.
 */
#ifndef PROVIDE_PROVIDE_H
#define PROVIDE_PROVIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "halvm/abi/errno.h"
#include "halvm/abi/fcntl.h"
#include "halvm/abi/stat.h"
#include "halvm/abi/uio.h"
#include "halvm/provider.h"
#include "provide/mark.h"
#include "provide/real.h"
#include "provide/stream.h"

enum provide_kind {
	PROVIDE_FILE = 1, /* files: file*.c */
	PROVIDE_CONSOLE,  /* console.c */
	PROVIDE_SOCKET,	  /* socket*.c */
	PROVIDE_PLACE,	  /* a working folder; no descriptor: mount.c */
};

#define PROVIDE_PATH_MAX 4096
#define PROVIDE_PATH_SHORT 152

struct provide_file;

/* One read or write.  how: RWF_*. */
struct provide_io {
	const struct abi_iovec *vec;
	unsigned count;
	int64_t at; /* or PROVIDE_AT_POSITION */
	uint32_t how;
};
#define PROVIDE_AT_POSITION INT64_MIN

/*
 * What a kind answers for a descriptor.  A missing function: the target
 * answers for the placeholder.
 */
struct provide_ops {
	long (*read)(struct provide_file *f, const struct provide_io *io);
	long (*write)(struct provide_file *f, const struct provide_io *io);
	/*
	 * The last reference has gone; the description is reused after it.
	 * False: not now, as the provider can't be entered; it is called again.
	 */
	bool (*release)(struct provide_file *f);
	long (*status)(struct provide_file *f, struct abi_stat *s);
	/* -ENOTTY: as if it were missing. */
	long (*ioctl)(struct provide_file *f, unsigned request, long argument);
};

/*
 * An open description.  Its memory is never given back, so a stale pointer
 * leads to a description, if to another one; see provide_get.
 */
struct provide_file {
	uint32_t references;
	uint32_t state; /* table.c's */
	uint8_t kind;
	uint8_t lock; /* flock's: 0, LOCK_SH, LOCK_EX */
	uint16_t unused_;
	uint32_t flags; /* O_*; as F_SETFL has them now */
	const struct provide_ops *ops;
	const void *table; /* the provider's */
	halvm_handle handle;
	/* Files: */
	const struct provide_mount *mount;
	int64_t position;
	uint64_t inode;
	uint32_t mode;
	uint32_t unused2_;
	char *path; /* in the mount, or NULL; of this description */
	char path_short[PROVIDE_PATH_SHORT];
	/* The others: */
	struct provide_stream stream;
};

/* --- table.c: descriptions ------------------------------------------------ */

/* A new description with one reference, or NULL; all zero. */
struct provide_file *provide_new(enum provide_kind kind,
				 const struct provide_ops *ops);

/* The description of a descriptor, with a reference; NULL: the target's. */
struct provide_file *provide_get(long fd);
/* What an atomic pointer leads to, with a reference. */
struct provide_file *provide_get_from(struct provide_file **slot);
/* The same if it is of that kind, else NULL. */
struct provide_file *provide_get_kind(long fd, enum provide_kind kind);
/* Gives a reference back; the last one releases. */
void provide_put(struct provide_file *f);

/*
 * The first description of that kind for which the handle is open, with a
 * reference, or NULL.
 */
struct provide_file *provide_find(enum provide_kind kind, halvm_handle h);
/*
 * The same from place *at on (0: the first), without a reference: for who may
 * not be the one who closes it.  It may be another's by now: see ready.h.
 */
struct provide_file *provide_look(enum provide_kind kind, halvm_handle h,
				  uint32_t *at);
/*
 * All descriptions in turn, each with a reference; *at is 0 at first.  NULL:
 * the end.
 */
struct provide_file *provide_next(uint32_t *at);

/*
 * The same without references, those that are closed too: good for fields
 * that a lock of the caller's own protects.
 */
const struct provide_file *provide_peek(uint32_t *at);

/* Takes a reference if it has any. */
bool provide_hold(struct provide_file *f);

/* --- slots.c: descriptors --------------------------------------------------
 */

/*
 * Makes f, whose reference goes over, what the new descriptor fd of the target
 * (the placeholder) stands for.  fd, or -EMFILE: then both are closed.
 * A negative fd is returned as it is, and f released.
 */
long provide_install(long fd, struct provide_file *f);
/* fd's slot gets f (may be NULL); the reference it had goes. */
void provide_set(long fd, struct provide_file *f);
/* A new descriptor for f (reference goes over) by the target's dup of fd. */
long provide_duplicate(long fd, struct provide_file *f, long least,
		       bool cloexec);

/*
 * Moves a descriptor of the layer's own out of the program's way, to a high
 * number that the program can't close.  The new number or -errno; the old one
 * is closed in any case.
 */
long provide_hide(long fd);
/* Closes a hidden descriptor. */
void provide_unhide(long fd);
bool provide_hidden(long fd);

/* The first number in [first, last] that is one of ours or hidden, or -1. */
long provide_next_slot(long first, long last);

/* For cancellation points (mark.h): 1 if the layer answers calls on fd. */
long provide_held(long fd);

/* --- lock.c ------------------------------------------------------
 */

/* Zeroed, whole pages; NULL.  free: with the same size. */
void *provide_alloc(size_t size);
void provide_free(void *p, size_t size);

/*
 * A lock that blocks all signals while it is held: for short stretches that
 * call nothing of a provider's and don't sleep.
 */
struct provide_lock {
	uint32_t word;
};
typedef uint64_t provide_signals;
provide_signals provide_lock(struct provide_lock *l);
void provide_unlock(struct provide_lock *l, provide_signals before);

/* Sleeps while *word == value, at most `timeout` ns (-1: no end). -EINTR … */
long provide_wait(uint32_t *word, uint32_t value, int64_t timeout);
void provide_wake(uint32_t *word, int32_t count);

/* A pointer in the lowest page. */
static inline bool provide_bad(long pointer)
{
	return (unsigned long)pointer < 4096;
}

static inline uint32_t provide_flags(const struct provide_file *f)
{
	return __atomic_load_n(&f->flags, __ATOMIC_RELAXED);
}

/* Bytes of a vector, or -EINVAL: too many buffers or bytes. */
long provide_vector_size(const struct abi_iovec *v, unsigned count);

/* A read or write with all checks; the caller has a reference. calls_io.c */
long provide_transfer(struct provide_file *f, const struct provide_io *io,
		      bool writes);

/*
 * Closings that had to be left because the provider couldn't be entered are
 * made up for here: at the beginning of calls, where it can.
 */
void provide_close_late(void);

/* --- what ready.c, console.c and socket*.c offer (the table's kinds) -------
 */

extern const struct provide_ops provide_console_ops, provide_socket_ops;

#endif
