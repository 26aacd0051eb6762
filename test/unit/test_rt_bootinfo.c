/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/bootinfo.c and pc/multiboot2.c: RAM in pieces, and the module that holds
 * the command line.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "pc/loader.h"

/* The loader's memory, from address BASE on, and that from address 0 on. */
#define BASE 0x10000u
#define INFO BASE
#define LINE (BASE + 0x800)
static _Alignas(8) uint8_t memory[0x1000], low[64];
static uint32_t used;

static const void *reach(uint64_t address, size_t size)
{
	if (address <= sizeof low && size <= sizeof low - address)
		return low + address;
	if (address < BASE || address - BASE > sizeof memory ||
	    size > sizeof memory - (address - BASE))
		return NULL;
	return memory + (address - BASE);
}

static void put(const void *data, size_t n)
{
	memcpy(memory + used, data, n);
	used += (uint32_t)n;
}

static void put_tag(uint32_t type, const void *data, size_t n)
{
	uint32_t head[2] = {type, (uint32_t)(8 + n)};

	put(head, sizeof head);
	put(data, n);
	used = (used + 7) & ~7u;
}

static void put_module(uint32_t start, uint32_t end, const char *name)
{
	uint8_t tag[64];
	uint32_t range[2] = {start, end};

	memcpy(tag, range, sizeof range);
	memcpy(tag + sizeof range, name, strlen(name) + 1);
	put_tag(3, tag, sizeof range + strlen(name) + 1);
}

/* RAM of 16 MiB at 1 MiB, and the image's own command line. */
static void begin(void)
{
	static const struct {
		uint32_t entry_size, version;
		uint64_t address, size;
		uint32_t type, reserved;
	} map = {24, 0, 1 << 20, 16 << 20, 1, 0};

	memset(memory, 0, sizeof memory);
	memset(low, 0, sizeof low);
	used = 8;
	put_tag(6, &map, sizeof map);
	put_tag(1, "own", 4);
}

static const char *end(struct boot_info *info)
{
	uint32_t size;

	put_tag(0, "", 0);
	size = used;
	memcpy(memory, &size, sizeof size);
	*info = (struct boot_info){.command_line = ""};
	return multiboot2_read(INFO, info, reach);
}

static void test_line(void)
{
	struct boot_info info;

	begin();
	check(!end(&info), "without a module");
	check_str(info.command_line, "own", "the image's own line");

	begin();
	strcpy((char *)memory + (LINE - BASE), "halvm.host=x -- a");
	put_module(BASE, BASE + 8, "root");
	put_module(LINE, LINE + 18, "halvm.command-line");
	put_module(BASE + 8, BASE + 16, "halvm.command-lines");
	check(!end(&info), "with modules");
	check_str(info.command_line, "halvm.host=x -- a", "the module's line");
	check(info.module_count == 2 && info.module[0].base == BASE &&
		  info.module[1].base == BASE + 8,
	      "which is no archive; others are, in order");
	check(info.reserved_count == 2 && info.reserved[1].base == LINE &&
		  info.reserved[1].size == 18,
	      "nobody writes over it");

	begin();
	put_module(LINE, LINE, "halvm.command-line");
	check(!end(&info), "an empty module");
	check_str(info.command_line, "", "is an empty line");

	begin();
	strcpy((char *)low, "at zero");
	put_module(0, 8, "halvm.command-line");
	check(!end(&info), "a module at address 0");
	check_str(info.command_line, "at zero", "is one like others");
}

static void refuses(uint32_t start, uint32_t stop, const char *why)
{
	struct boot_info info;
	const char *error;

	begin();
	memset(memory + (LINE - BASE), 'x', 0x200);
	put_module(start, stop, "halvm.command-line");
	error = end(&info);
	if (!check(error && strstr(error, why), "refused: %s", why))
		printf("# %s\n", error ? error : "nothing");
}

static void test_damaged(void)
{
	refuses(LINE, LINE + 8, "doesn't end with a NUL");
	refuses(0x8000000, 0x8000100, "out of reach");
	refuses(LINE, LINE + (1 << 20) + 1, "longer than 1 MiB");
	refuses(LINE + 8, LINE, "damaged");
}

static void test_ram(void)
{
	struct boot_info info = {.command_line = ""};
	uint64_t at = 1 << 20;

	/* More pieces than the list has rows, all of them neighbours. */
	for (unsigned i = 0; i < 2 * BOOT_RAM_MAX; i++, at += 8192)
		boot_add_ram(&info, at, 8192);
	check(info.ram_count == 1 &&
		  info.ram[0].size == 2 * BOOT_RAM_MAX * 8192,
	      "neighbours are one");
	for (unsigned i = 0; i < 2 * BOOT_RAM_MAX; i++, at += 16384)
		boot_add_ram(&info, at + 4096, 8192);
	check(info.ram_count == BOOT_RAM_MAX, "others aren't, while they fit");
	check(boot_finish_ram(&info), "there is RAM");
}

int main(void)
{
	test_line();
	test_damaged();
	test_ram();
	return check_done();
}
