/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * runtime/plat/linux/vdso.c: finds clock_gettime in this host's vDSO, and
 * says so when there is none: no vDSO, or a copy of it that lacks something.
 */
#include "config.h"

#include <stdint.h>
#include <sys/auxv.h>
#include <time.h>

#include "check.h"
#include "../../runtime/plat/linux/vdso.c"

static unsigned char *image;
static size_t image_size;

/* The size of the mapping at `base`, by /proc/self/maps. */
static size_t mapping_size(unsigned long base)
{
	unsigned long from, to;
	char line[500];
	size_t size = 0;
	FILE *f = fopen("/proc/self/maps", "r");

	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "%lx-%lx", &from, &to) == 2 && from == base)
			size = to - from;
	if (f)
		fclose(f);
	return size;
}

/* Makes image an undamaged copy again. */
static unsigned long fresh(unsigned long base)
{
	memcpy(image, (const void *)base, image_size);
	return (unsigned long)image;
}

static Elf64_Phdr *header(unsigned type)
{
	Elf64_Ehdr *e = (Elf64_Ehdr *)image;
	Elf64_Phdr *p = (Elf64_Phdr *)(image + e->e_phoff);

	for (unsigned i = 0; i < e->e_phnum; i++)
		if (p[i].p_type == type)
			return &p[i];
	return NULL;
}

static Elf64_Dyn *dynamic(Elf64_Sxword tag)
{
	Elf64_Dyn *d = (Elf64_Dyn *)(image + header(PT_DYNAMIC)->p_offset);

	for (; d->d_tag != DT_NULL; d++)
		if (d->d_tag == tag)
			return d;
	return NULL;
}

static void damages(unsigned long base)
{
	static const Elf64_Sxword tags[] = {DT_SYMTAB, DT_STRTAB, DT_HASH};

	check(linux_vdso_clock(fresh(base)) != NULL, "in a copy");
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		fresh(base);
		dynamic(tags[i])->d_tag = DT_DEBUG;
		check(!linux_vdso_clock((unsigned long)image),
		      "not without dynamic tag %ld", (long)tags[i]);
	}
	fresh(base);
	header(PT_DYNAMIC)->p_type = PT_NOTE;
	check(!linux_vdso_clock((unsigned long)image),
	      "not without dynamic section");
	fresh(base);
	header(PT_LOAD)->p_type = PT_NOTE;
	check(!linux_vdso_clock((unsigned long)image), "not without segment");
	fresh(base);
	for (size_t i = 0; i + 21 < image_size; i++)
		if (!memcmp(image + i, "__vdso_clock_gettime", 21))
			image[i + 19] = 'f';
	check(!linux_vdso_clock((unsigned long)image), "not by another name");
}

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

static void agrees(linux_clock_fn *clock)
{
	struct timespec a, b, c;
	bool same = true;

	for (int i = 0; i < 1000; i++) {
		clock_gettime(CLOCK_MONOTONIC, &a);
		same = same && clock(CLOCK_MONOTONIC, (long)&b) == 0;
		clock_gettime(CLOCK_MONOTONIC, &c);
		same = same && nanoseconds(&a) <= nanoseconds(&b) &&
		       nanoseconds(&b) <= nanoseconds(&c);
	}
	check(same, "it tells the time");
	check(clock(12345, (long)&a) == -22, "and errors");
}

int main(void)
{
	unsigned long base = getauxval(AT_SYSINFO_EHDR);
	linux_clock_fn *clock;

	check(!linux_vdso_clock(0), "none without a vDSO");
	if (!base) {
		puts("ok 2 - the host's vDSO # SKIP it has none");
		return check_done();
	}
	clock = linux_vdso_clock(base);
	if (check(clock != NULL, "the host's vDSO has it"))
		agrees(clock);
	image_size = mapping_size(base);
	image = malloc(image_size);
	if (check(image && image_size, "the vDSO can be copied"))
		damages(base);
	free(image);
	return check_done();
}
