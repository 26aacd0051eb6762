/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/dirent.h - entries of directories as getdents and getdents64 write
 * them, as in Linux on x86-64 (getdents(2)).
 */
#ifndef HALVM_ABI_DIRENT_H
#define HALVM_ABI_DIRENT_H

#include <stdint.h>

/* Of files; the type of a file in an entry is its mode's S_IFMT >> 12. */
#define ABI_DT(mode) (((mode) >> 12) & 15)

/* getdents64; record sizes are multiples of 8. */
struct abi_dirent64 {
	uint64_t ino;
	int64_t next; /* where to seek for the entry after this */
	uint16_t record_size;
	uint8_t type;
	char name[];
} __attribute__((__packed__));

/* getdents; the type is the record's last byte. */
struct abi_dirent {
	uint64_t ino, next;
	uint16_t record_size;
	char name[];
} __attribute__((__packed__));

_Static_assert(sizeof(struct abi_dirent64) == 19, "struct linux_dirent64");
_Static_assert(sizeof(struct abi_dirent) == 18, "struct linux_dirent");

#endif
