/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a program starts and ends: arguments, environment, auxiliary vector,
 * constructors and destructors in their order, thread-local initial values,
 * the names a linker makes, the exit status (7).
 */
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <unistd.h>
#include "check.h"

extern char **environ;
extern const char __executable_start[], etext[], edata[], end[];
extern void (*const __init_array_start[])(void);
extern void (*const __init_array_end[])(void);

static _Thread_local int tls_value = 42;
static _Thread_local char tls_zero[1000];
static _Thread_local char tls_aligned[3] __attribute__((aligned(256))) = "ab";
static const char *const relocated[] = {"one", "two"};
static char order[8];
static int calls;

__attribute__((constructor(200))) static void second(void)
{
	order[calls++] = '2';
}

__attribute__((constructor(101))) static void first(void)
{
	order[calls++] = '1';
}

__attribute__((constructor)) static void third(void)
{
	order[calls++] = '3';
	tls_value++;
}

__attribute__((destructor(101))) static void last(void)
{
	passed("last destructor");
}

__attribute__((destructor)) static void early(void)
{
	passed("first destructor");
}

static void at_exit(void)
{
	passed("atexit");
}

/* What the ABI demands at every call, so at main too. */
static void stack_alignment(void)
{
	CHECK((uintptr_t)__builtin_frame_address(0) % 16 == 0);
}

static int count_headers(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		CHECK(p->p_type != PT_INTERP && p->p_type != PT_DYNAMIC);
		if (p->p_type != PT_LOAD)
			continue;
		CHECK((p->p_flags & (PF_W | PF_X)) != (PF_W | PF_X));
		CHECK(info->dlpi_addr == 0 && p->p_vaddr >= 0x400000);
		++*(int *)data;
	}
	return 0;
}

static void auxiliary_vector(void)
{
	int loads = 0;

	CHECK(getauxval(AT_PHDR) > 0x400000);
	CHECK(getauxval(AT_PHENT) == sizeof(Elf64_Phdr));
	CHECK(getauxval(AT_PAGESZ) == 4096);
	CHECK(getauxval(AT_RANDOM));
	dl_iterate_phdr(count_headers, &loads);
	CHECK(loads == 3);
	passed("program headers");
}

static void linker_names(void)
{
	CHECK((uintptr_t)__executable_start == 0x400000);
	CHECK((uintptr_t)etext > (uintptr_t)stack_alignment);
	CHECK((uintptr_t)edata >= (uintptr_t)&environ || environ);
	CHECK((uintptr_t)end >= (uintptr_t)&calls);
	CHECK((uintptr_t)end < 0x80000000);
	CHECK(__init_array_end - __init_array_start >= 3);
	passed("linker-made names");
}

static void thread_local_data(void)
{
	CHECK(tls_value == 43);
	for (size_t i = 0; i < sizeof tls_zero; i++)
		CHECK(tls_zero[i] == 0);
	CHECK((uintptr_t)tls_aligned % 256 == 0);
	CHECK(!strcmp(tls_aligned, "ab"));
	passed("thread-local data");
}

int main(int argc, char **argv)
{
	stack_alignment();
	CHECK(argc == 4 && !argv[4]);
	printf("arguments: [%s] [%s] [%s]\n", argv[1], argv[2], argv[3]);
	CHECK(getenv("HALVM_TEST"));
	printf("environment: %s\n", getenv("HALVM_TEST"));
	CHECK(setenv("HALVM_TEST", "changed", 1) == 0);
	CHECK(!strcmp(getenv("HALVM_TEST"), "changed"));
	order[calls] = 0;
	printf("constructors: %s\n", order);
	printf("%s %s\n", relocated[0], relocated[argc - 3]);
	auxiliary_vector();
	linker_names();
	thread_local_data();
	CHECK(atexit(at_exit) == 0);
	return 7;
}
