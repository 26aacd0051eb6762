/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * multiboot2.c - boot information of multiboot2 (specification 2.0, 3.6): a
 * list of tags, each aligned to 8 bytes.
 * The loader aligns its structures, but nothing holds it to that.
 */
#include "lib/string.h"
#include "pc/loader.h"

enum {
	TAG_END = 0,
	TAG_COMMAND_LINE = 1,
	TAG_MODULE = 3,
	TAG_MEMORY = 6,
	TAG_EFI64 = 12,
	TAG_ACPI_OLD = 14,
	TAG_ACPI_NEW = 15,
};

#define MEMORY_RAM 1
#define TAGS_SIZE_MAX (1u << 24)

struct tag {
	uint32_t type, size;
} __attribute__((__packed__));

struct tag_module {
	struct tag tag;
	uint32_t start, end;
} __attribute__((__packed__));

struct tag_efi64 {
	struct tag tag;
	uint64_t system_table;
} __attribute__((__packed__));

struct tag_memory {
	struct tag tag;
	uint32_t entry_size, entry_version;
} __attribute__((__packed__));

struct memory_entry {
	uint64_t address, size;
	uint32_t type, reserved;
} __attribute__((__packed__));

static const char *read_memory(const struct tag *t, struct boot_info *info)
{
	const struct tag_memory *m = (const void *)t;
	const char *at = (const char *)(m + 1),
		   *end = (const char *)t + t->size;

	if (t->size < sizeof *m || m->entry_size < sizeof(struct memory_entry))
		return "the loader's memory map is damaged";
	for (; (size_t)(end - at) >= m->entry_size; at += m->entry_size) {
		const struct memory_entry *e = (const void *)at;

		if (e->type == MEMORY_RAM)
			boot_add_ram(info, e->address, e->size);
	}
	return NULL;
}

/* A module of this name holds the command line, whatever its length. */
static bool is_command_line(const struct tag_module *m)
{
	static const char name[] = "halvm.command-line";

	return m->tag.size >= sizeof *m + sizeof name &&
	       memcmp(m + 1, name, sizeof name) == 0;
}

static const char *read_line_module(const struct tag_module *m,
				    struct boot_info *info, boot_reach *reach,
				    const char **line)
{
	size_t size = m->end - m->start;

	if (size > COMMAND_LINE_MAX)
		return "the command line's module is longer than 1 MiB";
	*line = size ? reach(m->start, size) : "";
	if (!*line)
		return "the command line's module is out of reach";
	if (size && !memchr(*line, 0, size))
		return "the command line's module doesn't end with a NUL";
	return boot_add_reserved(info, m->start, size)
		   ? NULL
		   : "too many boot modules";
}

static const char *read_module(const struct tag *t, struct boot_info *info,
			       boot_reach *reach, const char **line)
{
	const struct tag_module *m = (const void *)t;

	if (t->size < sizeof *m || m->end < m->start)
		return "a boot module is damaged";
	if (is_command_line(m))
		return read_line_module(m, info, reach, line);
	if (info->module_count == BOOT_MODULES_MAX)
		return "too many boot modules";
	info->module[info->module_count++] =
	    (struct boot_range){m->start, m->end - m->start};
	return NULL;
}

static const char *read_command_line(const struct tag *t,
				     struct boot_info *info)
{
	const char *text = (const char *)(t + 1);

	if (t->size <= sizeof *t || ((const char *)t)[t->size - 1])
		return "the command line is damaged";
	info->command_line = text;
	return NULL;
}

static const char *read_efi(const struct tag *t, struct boot_info *info)
{
	const struct tag_efi64 *e = (const void *)t;

	if (t->size < sizeof *e)
		return "the address of EFI is damaged";
	info->efi = e->system_table;
	return NULL;
}

static const char *read_tag(const struct tag *t, uint64_t address,
			    struct boot_info *info, boot_reach *reach,
			    const char **line)
{
	switch (t->type) {
	case TAG_MEMORY:
		return read_memory(t, info);
	case TAG_MODULE:
		return read_module(t, info, reach, line);
	case TAG_COMMAND_LINE:
		return read_command_line(t, info);
	case TAG_EFI64:
		return read_efi(t, info);
	case TAG_ACPI_OLD:
		if (!info->rsdp)
			info->rsdp = address + sizeof *t;
		return NULL;
	case TAG_ACPI_NEW:
		info->rsdp = address + sizeof *t;
		return NULL;
	default:
		return NULL;
	}
}

const char *multiboot2_read(uint64_t address, struct boot_info *info,
			    boot_reach *reach)
{
	const uint32_t *head = reach(address, 8);
	uint32_t size, at = 8;
	const char *all, *error = NULL, *line = NULL;

	info->protocol = "multiboot2";
	if (!head || address % 8)
		return "the multiboot2 information is out of reach";
	size = *head;
	if (size < 8 || size > TAGS_SIZE_MAX)
		return "the multiboot2 information is damaged";
	all = reach(address, size);
	if (!all)
		return "the multiboot2 information is out of reach";
	boot_add_reserved(info, address, size);
	while (size - at >= sizeof(struct tag)) {
		const struct tag *t = (const void *)(all + at);

		if (t->size < sizeof *t || t->size > size - at)
			return "the multiboot2 information is damaged";
		if (t->type == TAG_END)
			break;
		error = read_tag(t, address + at, info, reach, &line);
		if (error)
			return error;
		if (t->size > size - at - 7)
			break;
		at += (t->size + 7) & ~7u;
	}
	if (line)
		info->command_line = line;
	return boot_finish_ram(info) ? NULL : "the machine has no RAM";
}
