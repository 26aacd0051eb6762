/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/statfs.h - what statfs says of a file system, as in Linux on x86-64
 * (asm-generic/statfs.h, linux/magic.h).
 */
#ifndef HALVM_ABI_STATFS_H
#define HALVM_ABI_STATFS_H

#include <stdint.h>

#define TMPFS_MAGIC 0x01021994
#define PROC_SUPER_MAGIC 0x9fa0
#define ANON_INODE_FS_MAGIC 0x09041934

#define ST_RDONLY 1
#define ST_NOSUID 2
#define ST_VALID 0x20 /* the flags are filled in */

struct abi_statfs {
	int64_t type, block_size;
	uint64_t blocks, blocks_free, blocks_available, files, files_free;
	int32_t id[2];
	int64_t name_max, fragment_size, flags, spare_[4];
};

_Static_assert(sizeof(struct abi_statfs) == 120, "struct statfs");

#endif
