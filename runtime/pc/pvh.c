/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pvh.c - the PVH boot protocol (Xen public header
 * arch-x86/hvm/start_info.h).
 * The loader aligns its structures, but nothing holds it to that.
 */
#include "pc/loader.h"

#define PVH_MAGIC 0x336ec578
#define MEMORY_RAM 1
#define MEMORY_ENTRIES_MAX 1024

struct start_info {
	uint32_t magic, version, flags, module_count;
	uint64_t modules, command_line, rsdp;
	/* From version 1 on. */
	uint64_t memory_map;
	uint32_t memory_count, reserved;
} __attribute__((__packed__));

struct module_entry {
	uint64_t address, size, command_line, reserved;
} __attribute__((__packed__));

struct memory_entry {
	uint64_t address, size;
	uint32_t type, reserved;
} __attribute__((__packed__));

static const char *read_memory(const struct start_info *s,
			       struct boot_info *info, boot_reach *reach)
{
	const struct memory_entry *m;
	uint32_t n = s->memory_count;

	if (s->version < 1 || !n)
		return "the loader gives no memory map";
	if (n > MEMORY_ENTRIES_MAX)
		return "the loader's memory map is too long";
	m = reach(s->memory_map, n * sizeof *m);
	if (!m)
		return "the loader's memory map is out of reach";
	for (uint32_t i = 0; i < n; i++)
		if (m[i].type == MEMORY_RAM)
			boot_add_ram(info, m[i].address, m[i].size);
	return boot_finish_ram(info) ? NULL : "the machine has no RAM";
}

static const char *read_modules(const struct start_info *s,
				struct boot_info *info, boot_reach *reach)
{
	const struct module_entry *m;

	if (!s->module_count)
		return NULL;
	if (s->module_count > BOOT_MODULES_MAX)
		return "too many boot modules";
	m = reach(s->modules, s->module_count * sizeof *m);
	if (!m)
		return "the list of boot modules is out of reach";
	for (uint32_t i = 0; i < s->module_count; i++)
		info->module[info->module_count++] =
		    (struct boot_range){m[i].address, m[i].size};
	return NULL;
}

const char *pvh_read(uint64_t address, struct boot_info *info,
		     boot_reach *reach)
{
	const struct start_info *s = reach(address, sizeof *s);
	const char *error;

	info->protocol = "pvh";
	if (!s || s->magic != PVH_MAGIC)
		return "not started by PVH or multiboot2";
	error = read_memory(s, info, reach);
	if (!error)
		error = read_modules(s, info, reach);
	if (error)
		return error;
	info->rsdp = s->rsdp;
	if (s->command_line) {
		long n = boot_string_length(s->command_line, COMMAND_LINE_MAX,
					    reach);

		if (n < 0)
			return "the command line is out of reach";
		info->command_line = reach(s->command_line, (size_t)n + 1);
		boot_add_reserved(info, s->command_line, (size_t)n + 1);
	}
	return NULL;
}
