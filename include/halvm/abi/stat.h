/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/stat.h - what stat and statx say of a file, and modes, as in Linux
 * on x86-64 (asm/stat.h, linux/stat.h).
 */
#ifndef HALVM_ABI_STAT_H
#define HALVM_ABI_STAT_H

#include <stdint.h>

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISUID 04000
#define S_ISGID 02000
#define S_ISVTX 01000
#define S_IXGRP 00010
#define ABI_S_IXUGO 00111
#define ABI_S_IALLUGO 07777

#define S_ISDIR(mode) (((mode)&S_IFMT) == S_IFDIR)
#define S_ISREG(mode) (((mode)&S_IFMT) == S_IFREG)
#define S_ISLNK(mode) (((mode)&S_IFMT) == S_IFLNK)
#define S_ISCHR(mode) (((mode)&S_IFMT) == S_IFCHR)
#define S_ISSOCK(mode) (((mode)&S_IFMT) == S_IFSOCK)

/* access(2). */
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

struct abi_timespec64 {
	int64_t sec, nsec;
};

struct abi_stat {
	uint64_t dev, ino, nlink;
	uint32_t mode, uid, gid, pad_;
	uint64_t rdev;
	int64_t size, block_size, blocks; /* blocks of 512 bytes */
	struct abi_timespec64 atime, mtime, ctime;
	int64_t unused_[3];
};

_Static_assert(sizeof(struct abi_stat) == 144, "struct stat");

/* A device's number in st_dev and st_rdev: 12 bits major, 20 bits minor. */
#define ABI_DEV(major, minor)                                                  \
	((uint32_t)(((minor)&0xff) | (major) << 8 | ((minor) & ~0xffU) << 12))
#define ABI_DEV_MAJOR(dev) ((uint32_t)(dev) >> 8 & 0xfff)
#define ABI_DEV_MINOR(dev)                                                     \
	(((uint32_t)(dev)&0xff) | ((uint32_t)(dev) >> 12 & 0xfff00))

/* utimensat's tv_nsec beside numbers. */
#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

#define STATX_BASIC_STATS 0x7ffU
#define STATX_BTIME 0x800U
#define STATX__RESERVED 0x80000000U

struct abi_statx_timestamp {
	int64_t sec;
	uint32_t nsec;
	int32_t reserved_;
};

struct abi_statx {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad_;
	uint64_t ino, size, blocks, attributes_mask;
	struct abi_statx_timestamp atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t spare_[14];
};

_Static_assert(sizeof(struct abi_statx) == 256, "struct statx");

#endif
