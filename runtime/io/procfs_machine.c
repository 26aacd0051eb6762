/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs_machine.c - texts of /proc about the machine (proc(5)).
 */
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "core/clock.h"
#include "core/heap.h"
#include "core/pages.h"
#include "core/process.h"
#include "core/thread.h"
#include "core/vm.h"
#include "io/procfs_text.h"
#include "io/vfs.h"
#include "lib/string.h"

#define NS_PER_TICK 10000000UL /* USER_HZ is 100 */
#define KIB_PER_PAGE (PAGE_SIZE / 1024)
#define PID_MAX 4194304 /* Linux's PID_MAX_LIMIT */

/* CPUID's leaves (Intel SDM vol. 2, CPUID). */
#define LEAF_VENDOR 0
#define LEAF_FAMILY 1
#define LEAF_EXTENDED 0x80000000U
#define LEAF_BRAND 0x80000002U
#define LEAF_BRAND_LAST 0x80000004U
#define FAMILY_EXTENDED 15

static void add_model(struct proc_text *t)
{
	uint32_t eax = cpu_id(LEAF_FAMILY, 0).eax;
	unsigned family = eax >> 8 & 15, model = eax >> 4 & 15;
	char brand[49] = "unknown";

	if (family == FAMILY_EXTENDED)
		family += eax >> 20 & 255;
	if (family >= 6)
		model |= eax >> 12 & 0xf0;
	if (cpu_id(LEAF_EXTENDED, 0).eax >= LEAF_BRAND_LAST) {
		for (unsigned i = 0; i < 3; i++) {
			struct cpuid id = cpu_id(LEAF_BRAND + i, 0);

			memcpy(brand + i * sizeof(id), &id, sizeof(id));
		}
		brand[sizeof(brand) - 1] = '\0';
	}
	proc_add(t, "cpu family\t: %u\nmodel\t\t: %u\n", family, model);
	proc_add(t, "model name\t: %s\nstepping\t: %u\n", brand, eax & 15);
}

void proc_cpuinfo(struct proc_text *t, int number)
{
	struct cpuid id = cpu_id(LEAF_VENDOR, 0);
	uint32_t vendor[4] = {id.ebx, id.edx, id.ecx, 0};

	(void)number;
	for (unsigned i = 0; i < CPUS_MAX; i++) {
		proc_add(t, "processor\t: %u\nvendor_id\t: %s\n", i,
			 (const char *)vendor);
		add_model(t);
		proc_add(t, "cpu cores\t: %u\n\n", CPUS_MAX);
	}
}

void proc_filesystems(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "nodev\ttmpfs\nnodev\tproc\n");
}

void proc_hostname(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "%s\n", process.host_name);
}

void proc_ostype(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "%s\n", PROCESS_OS_NAME);
}

void proc_osrelease(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "%s\n", PROCESS_OS_RELEASE);
}

void proc_version(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "%s version %s %s\n", PROCESS_OS_NAME, PROCESS_OS_RELEASE,
		 PROCESS_OS_VERSION);
}

void proc_pid_max(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "%u\n", PID_MAX);
}

/* What is promised is kept, but MAP_NORESERVE promises nothing: mode 0. */
void proc_overcommit(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "0\n");
}

/* Averages of the load aren't measured. */
void proc_loadavg(struct proc_text *t, int number)
{
	(void)number;
	proc_add(t, "0.00 0.00 0.00 1/%u %u\n", thread_count(), PROCESS_ID);
}

static void add_kib(struct proc_text *t, const char *name, size_t pages)
{
	int pad = 15 - (int)strlen(name);

	proc_add(t, "%s:%*lu kB\n", name, pad + 8, pages * KIB_PER_PAGE);
}

void proc_meminfo(struct proc_text *t, int number)
{
	size_t free = pages_available(), reserve = pages_reserve();
	struct vm_stats vm;

	(void)number;
	vm_get_stats(&vm);
	add_kib(t, "MemTotal", pages_total());
	add_kib(t, "MemFree", free);
	add_kib(t, "MemAvailable", free > reserve ? free - reserve : 0);
	add_kib(t, "Buffers", 0);
	add_kib(t, "Cached", 0);
	add_kib(t, "SwapTotal", 0);
	add_kib(t, "SwapFree", 0);
	add_kib(t, "CommitLimit", vm.commit_limit);
	add_kib(t, "Committed_AS", vm.committed);
}

void proc_uptime(struct proc_text *t, int number)
{
	uint64_t now = clock_now(), busy = thread_process_time();
	uint64_t idle = now > busy ? now - busy : 0;

	(void)number;
	proc_add(t, "%lu.%02lu %lu.%02lu\n", now / NS_PER_SEC,
		 now % NS_PER_SEC / NS_PER_TICK, idle / NS_PER_SEC,
		 idle % NS_PER_SEC / NS_PER_TICK);
}

void proc_machine_stat(struct proc_text *t, int number)
{
	uint64_t now = clock_now() / NS_PER_TICK;
	uint64_t busy = thread_process_time() / NS_PER_TICK;
	uint64_t idle = now > busy ? now - busy : 0;

	(void)number;
	proc_add(t, "cpu  %lu 0 0 %lu 0 0 0 0 0 0\n", busy, idle);
	proc_add(t, "cpu0 %lu 0 0 %lu 0 0 0 0 0 0\n", busy, idle);
	proc_add(t,
		 "btime %lu\nprocesses 1\nprocs_running 1\n"
		 "procs_blocked 0\n",
		 (clock_wall() - clock_now()) / NS_PER_SEC);
}

void proc_mounts(struct proc_text *t, int number)
{
	char *path = heap_alloc(VFS_PATH_MAX);
	struct inode *root;

	(void)number;
	if (!path) {
		t->failed = true;
		return;
	}
	for (unsigned i = 0; (root = vfs_mounted(i)); i++) {
		if (vfs_path_of(root, path, VFS_PATH_MAX) < 0)
			continue;
		proc_add(t, "%s %s %s %s 0 0\n", root->fs->type, path,
			 root->fs->type, root->fs->read_only ? "ro" : "rw");
	}
	heap_free(path);
}
