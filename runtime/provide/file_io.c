/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file_io.c - reading and writing files of a provider.
 *
 * The position is shared by all descriptors of a description, and no lock can
 * be held while the provider works.  So a read is done again if the position
 * has moved meanwhile; and a write takes the place of its bytes beforehand.
 */
#include "provide/files.h"

#define PLACE_MAX ((uint64_t)INT64_MAX)

static int64_t position(const struct provide_file *f)
{
	return __atomic_load_n(&f->position, __ATOMIC_ACQUIRE);
}

static bool move(struct provide_file *f, int64_t from, int64_t to)
{
	return __atomic_compare_exchange_n(&f->position, &from, to, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* As far as the provider gives bytes; an error after some is forgotten. */
static long read_at(const struct halvm_files_provider *t, halvm_handle h,
		    const struct provide_io *io, uint64_t at)
{
	long done = 0, r;

	for (unsigned i = 0; i < io->count; i++) {
		const struct abi_iovec *v = &io->vec[i];
		size_t n = v->size;

		if (n > ABI_RW_MAX - (size_t)done)
			n = ABI_RW_MAX - (size_t)done;
		if (n > PLACE_MAX - at)
			n = PLACE_MAX - at;
		if (!n)
			continue;
		r = file_result(t->read(h, v->base, n, at), (long)n);
		if (r < 0)
			return done ? done : r;
		done += r;
		at += (uint64_t)r;
		if ((size_t)r < n)
			break;
	}
	return done;
}

long file_read(struct provide_file *f, const struct provide_io *io)
{
	const struct halvm_files_provider *t;
	int64_t at;
	long r;

	if (S_ISDIR(f->mode))
		return -EISDIR;
	t = mount_enter(f->mount);
	if (!t)
		return -EDEADLK;
	if (!t->read)
		return -EINVAL;
	if (io->at != PROVIDE_AT_POSITION)
		return read_at(t, f->handle, io, (uint64_t)io->at);
	do {
		at = position(f);
		r = read_at(t, f->handle, io, (uint64_t)at);
	} while (r > 0 && !move(f, at, at + r));
	return r;
}

/* *at: in, where to, or HALVM_AT_END; out, the place after what was written. */
static long write_at(const struct halvm_files_provider *t, halvm_handle h,
		     const struct provide_io *io, uint64_t *at)
{
	bool end = *at == HALVM_AT_END;
	long done = 0, r;

	for (unsigned i = 0; i < io->count; i++) {
		const struct abi_iovec *v = &io->vec[i];
		size_t n = v->size;
		uint64_t place = end ? HALVM_AT_END : *at;

		if (n > ABI_RW_MAX - (size_t)done)
			n = ABI_RW_MAX - (size_t)done;
		if (!end && n > PLACE_MAX - *at)
			n = PLACE_MAX - *at;
		if (!n) {
			if (v->size && !done)
				return -EFBIG;
			continue;
		}
		r = file_result(t->write(h, v->base, n, &place), (long)n);
		if (r == 0 || (r > 0 && place > PLACE_MAX))
			r = -EIO; /* or libc would try for ever */
		if (r < 0)
			return done ? done : r;
		done += r;
		*at = end ? place : *at + (uint64_t)r;
		if ((size_t)r < n)
			break;
	}
	return done;
}

/* Takes the place of n bytes. */
static int64_t reserve(struct provide_file *f, int64_t n)
{
	int64_t at;

	do {
		at = position(f);
		if (n > INT64_MAX - at)
			n = INT64_MAX - at;
	} while (!move(f, at, at + n));
	return at;
}

static long write_here(const struct halvm_files_provider *t,
		       struct provide_file *f, const struct provide_io *io,
		       bool append)
{
	uint64_t at = HALVM_AT_END;
	int64_t from, size;
	long r;

	if (io->at != PROVIDE_AT_POSITION) {
		if (!append)
			at = (uint64_t)io->at;
		return write_at(t, f->handle, io, &at);
	}
	if (append) {
		r = write_at(t, f->handle, io, &at);
		if (r > 0)
			__atomic_store_n(&f->position, (int64_t)at,
					 __ATOMIC_RELEASE);
		return r;
	}
	size = provide_vector_size(io->vec, io->count);
	from = reserve(f, size);
	at = (uint64_t)from;
	r = write_at(t, f->handle, io, &at);
	if (r < size) /* give the rest back, unless somebody moved on */
		move(f, size > INT64_MAX - from ? INT64_MAX : from + size,
		     (int64_t)at);
	return r;
}

long file_write(struct provide_file *f, const struct provide_io *io)
{
	uint32_t flags = provide_flags(f);
	const struct halvm_files_provider *t = mount_enter(f->mount);
	long r;

	if (!t)
		return -EDEADLK;
	if (!t->write)
		return -EROFS;
	r = write_here(t, f, io, flags & O_APPEND || io->how & RWF_APPEND);
	if (r > 0 && t->sync &&
	    (flags & O_DSYNC || io->how & (RWF_DSYNC | RWF_SYNC))) {
		long error =
		    file_result(t->sync(f->handle, (flags & O_SYNC) != O_SYNC &&
						       !(io->how & RWF_SYNC)),
				0);

		if (error)
			return error;
	}
	return r;
}
