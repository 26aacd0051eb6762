/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * thread.c - the life of threads (thread.h).
 *
 * A thread ends on this CPU's exit stack: its own may be gone as soon as
 * clear_tid is 0, since that is what tells libc that it may unmap it.
 */
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/spin.h"
#include "arch/user.h"
#include "core/futex.h"
#include "core/heap.h"
#include "core/process.h"
#include "core/sched.h"
#include "core/signal.h"
#include "core/thread.h"
#include "core/vm.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/futex.h"
#include "lib/string.h"

#define FPU_ALIGN 64
/* Spin locks touch SPIN_STACK bytes below what is used. */
#define IDLE_STACK 8192

struct spinlock thread_all_lock = SPINLOCK_INIT;
struct list thread_all = LIST_INIT(thread_all);
/* The lock protects these, too. */
static struct tree by_tid;
static unsigned count;
static int last_tid;

/* FPU state and all in one object. */
static struct thread *alloc_thread(void)
{
	size_t size =
	    (sizeof(struct thread) + FPU_ALIGN - 1) & ~(size_t)(FPU_ALIGN - 1);
	struct thread *t = heap_zalloc(size + arch_fpu_size);

	if (!t)
		return NULL;
	t->arch.fpu = (char *)t + size;
	t->state = THREAD_READY; /* in no queue yet: a wake is remembered */
	list_init(&t->run_node);
	list_init(&t->all_node);
	return t;
}

struct thread *thread_find(int tid)
{
	struct tree_node *node = by_tid.root;

	if (tid == 0)
		return thread_current();
	while (node) {
		struct thread *t = container_of(node, struct thread, tid_node);

		if (t->tid == tid)
			return t;
		node = tid < t->tid ? node->left : node->right;
	}
	return NULL;
}

/* A number that fits in a robust mutex; the lock is held. */
static int new_tid(void)
{
	static bool wrapped;

	do {
		if (last_tid == ABI_FUTEX_TID_MASK) {
			last_tid = PROCESS_ID;
			wrapped = true;
		}
		last_tid++;
	} while (wrapped && thread_find(last_tid));
	return last_tid;
}

static void enlist(struct thread *t)
{
	unsigned long flags = spin_lock(&thread_all_lock);
	struct tree_node **link = &by_tid.root, *parent = NULL;

	while (*link) {
		parent = *link;
		link =
		    t->tid < container_of(parent, struct thread, tid_node)->tid
			? &parent->left
			: &parent->right;
	}
	tree_insert(&by_tid, &t->tid_node, parent, link);
	list_append(&thread_all, &t->all_node);
	count++;
	spin_unlock(&thread_all_lock, flags);
}

unsigned thread_count(void)
{
	return __atomic_load_n(&count, __ATOMIC_RELAXED);
}

static void idle_main(uintptr_t unused)
{
	(void)unused;
	sched_idle();
}

int thread_init(void)
{
	struct thread *boot = alloc_thread(), *idle = alloc_thread();
	char *stack = heap_alloc(IDLE_STACK);

	if (!boot || !idle || !stack) {
		heap_free(boot);
		heap_free(idle);
		heap_free(stack);
		return -ENOMEM;
	}
	boot->tid = last_tid = PROCESS_ID;
	signal_thread_init(&boot->signals, NULL);
	enlist(boot);
	idle->is_idle = true;
	arch_fpu_init(idle->arch.fpu);
	/* As after a call: the psABI's alignment at a function's entry. */
	arch_thread_start(&idle->arch, (uintptr_t)idle_main,
			  (uintptr_t)stack + IDLE_STACK - sizeof(uintptr_t), 0);
	sched_init(boot, idle);
	return 0;
}

struct thread *thread_create(void)
{
	struct thread *parent = thread_current(), *t = alloc_thread();
	unsigned long flags;

	if (!t)
		return NULL;
	/* pthread_create(3p): the floating-point environment is inherited. */
	flags = irq_save();
	arch_fpu_save(t->arch.fpu);
	irq_restore(flags);
	flags = spin_lock(&thread_all_lock);
	t->tid = new_tid();
	spin_unlock(&thread_all_lock, flags);
	t->priority = parent->priority;
	t->policy = parent->policy;
	t->nice = parent->nice;
	memcpy(t->name, parent->name, sizeof t->name);
	t->home = parent->home;
	signal_thread_init(&t->signals, parent);
	return t;
}

void thread_start(struct thread *t)
{
	enlist(t);
	sched_add(t);
}

static void free_thread(struct thread *t)
{
	heap_free(t);
}

/* On the exit stack, with interrupts off. */
static void end(void *argument)
{
	struct thread *t = argument;

	if (t->unmap_size)
		vm_unmap(t->unmap_base, t->unmap_size);
	if (t->clear_tid && user_store32(t->clear_tid, 0) == 0)
		futex_wake(t->clear_tid, 1, FUTEX_ANY);
	sched_end(t, free_thread);
}

void thread_exit(int status, uintptr_t unmap_base, size_t unmap_size)
{
	struct thread *t = thread_current();
	unsigned long flags;
	bool last;

	t->arch.in_kernel++; /* no signal's handler any more */
	futex_end_robust(t);
	flags = spin_lock(&thread_all_lock);
	list_remove(&t->all_node);
	tree_remove(&by_tid, &t->tid_node);
	last = --count == 0;
	spin_unlock(&thread_all_lock, flags);
	if (last)
		process_exit(status & 0xff);
	signal_thread_free(&t->signals);
	t->unmap_base = unmap_base;
	t->unmap_size = unmap_size;
	arch_on_exit_stack(end, t);
}
