/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * program.c - the program's start: what Linux would put on its first stack,
 * and the stack itself.
 *
 * The block (halvm/runtime.h) is made on the top of the stack.  The stack is
 * paged in as it grows down to an unmapped page.
 */
#include "arch/page.h"
#include "boot/boot.h"
#include "core/clock.h"
#include "core/entropy.h"
#include "core/panic.h"
#include "core/process.h"
#include "core/vm.h"
#include "halvm/abi/elf.h"
#include "halvm/runtime.h"
#include "lib/string.h"

#define STACK_SIZE (8UL << 20)
#define RANDOM_SIZE 16
#define HERTZ 100

/* <elf.h>; Linux Documentation: getauxval(3). */
enum {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_ENTRY = 9,
	AT_UID = 11,
	AT_EUID = 12,
	AT_GID = 13,
	AT_EGID = 14,
	AT_HWCAP = 16,
	AT_CLKTCK = 17,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_EXECFN = 31,
};
#define AUX_WORDS 32

extern const char halvm_ehdr_start[];

static size_t text_size(char *const *strings, unsigned n)
{
	size_t size = 0;

	for (unsigned i = 0; i < n; i++)
		size += strlen(strings[i]) + 1;
	return size;
}

/*
 * Copies the strings to *text, which moves on, and their addresses to at: the
 * program may give them to system calls, which take its own memory only.
 */
static long *put_strings(long *at, char **text, char *const *strings,
			 unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		size_t size = strlen(strings[i]) + 1;

		memcpy(*text, strings[i], size);
		*at++ = (long)*text;
		*text += size;
	}
	*at++ = 0;
	return at;
}

static void put_aux(long *at, const char *name, const void *random)
{
	const struct abi_elf_header *elf = (const void *)halvm_ehdr_start;
	const long aux[AUX_WORDS] = {
	    AT_PHDR,   (long)(halvm_ehdr_start + elf->program_offset),
	    AT_PHENT,  sizeof(struct abi_elf_program),
	    AT_PHNUM,  elf->program_count,
	    AT_PAGESZ, PAGE_SIZE,
	    AT_ENTRY,  (long)elf->entry,
	    AT_UID,    0,
	    AT_EUID,   0,
	    AT_GID,    0,
	    AT_EGID,   0,
	    AT_SECURE, 0,
	    AT_HWCAP,  0,
	    AT_CLKTCK, HERTZ,
	    AT_RANDOM, (long)random,
	    AT_EXECFN, (long)name,
	    AT_NULL,   0,
	};

	memcpy(at, aux, sizeof aux);
}

static uintptr_t map_stack(void)
{
	/* The lowest page stays without rights. */
	long base = vm_map(0, STACK_SIZE, 0, VM_NORESERVE);

	if (base < 0 ||
	    vm_protect((uintptr_t)base + PAGE_SIZE, STACK_SIZE - PAGE_SIZE,
		       PAGE_READ | PAGE_WRITE))
		panic(NULL, "no memory for the first stack");
	return (uintptr_t)base + STACK_SIZE;
}

_Noreturn void boot_program(const struct boot_options *options)
{
	size_t words = 1 + options->argument_count + 1 +
		       options->environment_count + 1 + AUX_WORDS;
	size_t size =
	    text_size(options->arguments, options->argument_count) +
	    text_size(options->environment, options->environment_count);
	uintptr_t top = map_stack(), random = top - RANDOM_SIZE;
	char *name = (char *)random - size, *text = name;
	uintptr_t block = ((uintptr_t)name - words * sizeof(long)) & ~15UL;
	unsigned char bytes[RANDOM_SIZE];
	long *at = (long *)block;

	if (words * sizeof(long) + size > STACK_SIZE / 2)
		panic(NULL, "the command line is too long");
	entropy_read_insecure(bytes, sizeof bytes);
	memcpy((void *)random, bytes, sizeof bytes);
	*at++ = options->argument_count;
	at =
	    put_strings(at, &text, options->arguments, options->argument_count);
	at = put_strings(at, &text, options->environment,
			 options->environment_count);
	put_aux(at, name, (const void *)random);
	process.start = clock_now();
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "sti\n\t"
			 "mov %%rsp, %%rdi\n\t"
			 "call halvm_start\n\t"
			 "ud2"
			 :
			 : "r"(block)
			 : "memory");
	__builtin_unreachable();
}
