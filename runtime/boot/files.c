/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * files.c - where the first files come from: a segment of the image, marked by
 * a flag of its program header, and modules of the boot loader.
 */
#include "arch/page.h"
#include "boot/boot.h"
#include "core/panic.h"
#include "halvm/abi/elf.h"
#include "io/vfs.h"

extern const char halvm_ehdr_start[];

static unsigned image_archive(struct vfs_archive *archive)
{
	const struct abi_elf_header *elf = (const void *)halvm_ehdr_start;
	const struct abi_elf_program *p =
	    (const void *)(halvm_ehdr_start + elf->program_offset);

	for (unsigned i = 0; i < elf->program_count; i++, p++) {
		if (p->type != ABI_PT_LOAD || !(p->flags & ABI_PF_ROOT))
			continue;
		*archive = (struct vfs_archive){(const void *)p->address,
						p->memory_size};
		return 1;
	}
	return 0;
}

/* Page 0 isn't among our RAM, but EFI's GRUB gives it to its first module. */
static bool in_ram(const struct boot_info *info, const struct boot_range *m)
{
	uint64_t base = m->base < PAGE_SIZE ? PAGE_SIZE : m->base;
	uint64_t end = m->base + m->size;

	if (end < m->base)
		return false;
	if (m->base < PAGE_SIZE && end <= PAGE_SIZE)
		return true;
	for (unsigned i = 0; i < info->ram_count; i++) {
		const struct boot_range *r = &info->ram[i];

		if (base >= r->base && end <= r->base + r->size)
			return true;
	}
	return false;
}

void boot_files(const struct boot_info *info,
		const struct boot_options *options)
{
	struct vfs_archive archives[1 + BOOT_MODULES_MAX];
	unsigned count = image_archive(archives);

	for (unsigned i = 0; i < info->module_count; i++) {
		const struct boot_range *m = &info->module[i];

		if (!in_ram(info, m)) {
			log_line(LOG_WARNING,
				 "boot module %u isn't in RAM; left out", i);
			continue;
		}
		archives[count++] =
		    (struct vfs_archive){phys_to_virt(m->base), m->size};
	}
	vfs_init(archives, count, options->cwd);
}
