/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/elf.h - what the runtime reads of its own ELF image (System V ABI,
 * "Program Header"; AMD64).
 */
#ifndef HALVM_ABI_ELF_H
#define HALVM_ABI_ELF_H

#include <stdint.h>

#define ABI_PT_LOAD 1
#define ABI_PF_X 1
#define ABI_PF_W 2
#define ABI_PF_R 4
/* Of the segment that holds the root archive (in PF_MASKOS). */
#define ABI_PF_ROOT 0x00100000

struct abi_elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, program_offset, section_offset;
	uint32_t flags;
	uint16_t header_size, program_size, program_count;
	uint16_t section_size, section_count, section_names;
};

struct abi_elf_program {
	uint32_t type, flags;
	uint64_t offset, address, physical;
	uint64_t file_size, memory_size, alignment;
};

_Static_assert(sizeof(struct abi_elf_header) == 64, "Elf64_Ehdr");
_Static_assert(sizeof(struct abi_elf_program) == 56, "Elf64_Phdr");

#endif
