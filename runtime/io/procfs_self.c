/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs_self.c - texts of /proc about the process and its threads (proc(5)).
 */
#include "core/clock.h"
#include "core/process.h"
#include "core/thread.h"
#include "core/vm.h"
#include "io/file.h"
#include "io/procfs_text.h"
#include "lib/string.h"

#define NS_PER_TICK 10000000UL /* USER_HZ is 100 */
#define KIB_PER_PAGE (PAGE_SIZE / 1024)
#define NICE_TO_PRIORITY 20

size_t proc_exe(char *buf, size_t size)
{
	const char *name = process.arguments ? process.arguments[0] : NULL;
	const char *slash;
	size_t n = 0;

	name = name && *name ? name : "program";
	slash = strrchr(name, '/');
	if (name[0] != '/') {
		name = slash ? slash + 1 : name;
		if (size)
			buf[n++] = '/';
	}
	while (*name && n < size)
		buf[n++] = *name++;
	return n;
}

static void add_strings(struct proc_text *t, char **strings)
{
	for (; strings && *strings; strings++)
		proc_add_bytes(t, *strings, strlen(*strings) + 1);
}

void proc_cmdline(struct proc_text *t, int number)
{
	(void)number;
	add_strings(t, process.arguments);
}

void proc_environ(struct proc_text *t, int number)
{
	(void)number;
	add_strings(t, process.environment);
}

int proc_next_thread(int n)
{
	unsigned long flags = spin_lock(&thread_all_lock);
	int best = -1;

	list_for_each(node, &thread_all)
	{
		struct thread *th = container_of(node, struct thread, all_node);

		if (!th->is_idle && th->tid >= n &&
		    (best < 0 || th->tid < best))
			best = th->tid;
	}
	spin_unlock(&thread_all_lock, flags);
	return best;
}

/* What is told of a thread, or with number -1 of the process. */
struct facts {
	char name[16];
	char state;
	int id, nice;
	uint64_t cpu_time;
	sigset_bits pending, blocked;
};

static void get_facts(int number, struct facts *facts)
{
	unsigned long flags = spin_lock(&thread_all_lock);
	struct thread *t = thread_find(number < 0 ? PROCESS_ID : number);

	memset(facts, 0, sizeof(*facts));
	facts->id = number < 0 ? PROCESS_ID : number;
	facts->state = 'S';
	if (t) {
		memcpy(facts->name, t->name, sizeof(t->name));
		facts->name[sizeof(facts->name) - 1] = '\0';
		facts->nice = t->nice;
		facts->cpu_time = thread_cpu_time(t);
		facts->blocked = t->signals.blocked;
		facts->pending = t->signals.queue.pending;
		if (t->state != THREAD_SLEEPING)
			facts->state = 'R';
	}
	spin_unlock(&thread_all_lock, flags);
	if (number < 0) {
		facts->state = 'R';
		facts->cpu_time = thread_process_time();
	}
	if (!facts->name[0]) {
		char exe[64];
		size_t n = proc_exe(exe, sizeof(exe) - 1);

		exe[n] = '\0';
		string_copy(facts->name, strrchr(exe, '/') + 1,
			    sizeof(facts->name));
	}
}

void proc_comm(struct proc_text *t, int number)
{
	struct facts facts;

	get_facts(number, &facts);
	proc_add(t, "%s\n", facts.name);
}

int proc_set_comm(const char *text, size_t n, int number)
{
	unsigned long flags = spin_lock(&thread_all_lock);
	struct thread *t = thread_find(number < 0 ? PROCESS_ID : number);
	int error = -ESRCH;

	if (n && text[n - 1] == '\n')
		n--;
	if (t) {
		n = n < sizeof(t->name) ? n : sizeof(t->name) - 1;
		memset(t->name, 0, sizeof(t->name));
		memcpy(t->name, text, n);
		error = 0;
	}
	spin_unlock(&thread_all_lock, flags);
	return error;
}

void proc_stat(struct proc_text *t, int number)
{
	struct facts facts;
	struct vm_stats vm;

	get_facts(number, &facts);
	vm_get_stats(&vm);
	/* pid comm state ppid pgrp session tty tpgid flags */
	proc_add(t, "%d (%s) %c 0 %d %d 0 -1 0 ", facts.id, facts.name,
		 facts.state, PROCESS_ID, PROCESS_ID);
	/* minflt cminflt majflt cmajflt utime stime cutime cstime */
	proc_add(t, "%lu 0 0 0 %lu 0 0 0 ", vm.faults,
		 facts.cpu_time / NS_PER_TICK);
	/* priority nice num_threads itrealvalue starttime vsize rss */
	proc_add(t, "%d %d %u 0 %lu %lu %lu ", NICE_TO_PRIORITY + facts.nice,
		 facts.nice, thread_count(), process.start / NS_PER_TICK,
		 vm.mapped * PAGE_SIZE, vm.resident);
	/* The rest is about code, stack and signals, told as nothing. */
	proc_add(t, "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 "
		    "0 0 0 0 0 0 0 0 0 0\n");
}

void proc_statm(struct proc_text *t, int number)
{
	struct vm_stats vm;

	(void)number;
	vm_get_stats(&vm);
	proc_add(t, "%lu %lu 0 0 0 %lu 0\n", vm.mapped, vm.resident,
		 vm.committed);
}

static void add_memory(struct proc_text *t)
{
	struct vm_stats vm;

	vm_get_stats(&vm);
	proc_add(t, "VmSize:\t%8lu kB\nVmRSS:\t%8lu kB\nVmData:\t%8lu kB\n",
		 vm.mapped * KIB_PER_PAGE, vm.resident * KIB_PER_PAGE,
		 vm.committed * KIB_PER_PAGE);
}

static void add_ids(struct proc_text *t, const char *name,
		    const struct process_ids *ids)
{
	proc_add(t, "%s:\t%u\t%u\t%u\t%u\n", name, ids->real, ids->effective,
		 ids->saved, ids->effective);
}

void proc_status(struct proc_text *t, int number)
{
	struct facts facts;

	get_facts(number, &facts);
	proc_add(t, "Name:\t%s\nUmask:\t%04o\nState:\t%c (%s)\n", facts.name,
		 process.umask, facts.state,
		 facts.state == 'R' ? "running" : "sleeping");
	proc_add(t, "Tgid:\t%d\nPid:\t%d\nPPid:\t0\nTracerPid:\t0\n",
		 PROCESS_ID, facts.id);
	add_ids(t, "Uid", &process.users);
	add_ids(t, "Gid", &process.groups);
	proc_add(t, "FDSize:\t%u\nGroups:\t\n", fd_limit());
	add_memory(t);
	proc_add(t, "Threads:\t%u\nSigPnd:\t%016lx\nSigBlk:\t%016lx\n",
		 thread_count(), facts.pending, facts.blocked);
	proc_add(t, "Cpus_allowed:\t1\nCpus_allowed_list:\t0\n");
}

void proc_maps(struct proc_text *t, int number)
{
	struct vm_area_info a = {.end = 0};
	char exe[128];

	(void)number;
	exe[proc_exe(exe, sizeof(exe) - 1)] = '\0';
	while (vm_next_area(a.end, &a) && !t->failed) {
		proc_add(t, "%08lx-%08lx %c%c%cp 00000000 00:00 0 ", a.start,
			 a.end, a.prot & PAGE_READ ? 'r' : '-',
			 a.prot & PAGE_WRITE ? 'w' : '-',
			 a.prot & PAGE_EXEC ? 'x' : '-');
		proc_add(t, "%s\n", a.image ? exe : "");
	}
}
