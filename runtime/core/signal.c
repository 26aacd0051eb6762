/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal.c - actions, masks, and who gets a signal that is sent (signal.h).
 */
#include "arch/cpu.h"
#include "arch/signal.h"
#include "core/signal_core.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"

/* signal(7): default actions; those that stop find nobody to go on for. */
#define IGNORED_BY_DEFAULT                                                     \
	(ABI_SIG_BIT(ABI_SIGCHLD) | ABI_SIG_BIT(ABI_SIGCONT) |                 \
	 ABI_SIG_BIT(ABI_SIGSTOP) | ABI_SIG_BIT(ABI_SIGTSTP) |                 \
	 ABI_SIG_BIT(ABI_SIGTTIN) | ABI_SIG_BIT(ABI_SIGTTOU) |                 \
	 ABI_SIG_BIT(ABI_SIGURG) | ABI_SIG_BIT(ABI_SIGWINCH))

struct spinlock signal_lock = SPINLOCK_INIT;
struct signal_queue signal_process_queue = {
    .infos = LIST_INIT(signal_process_queue.infos),
};
struct abi_sigaction signal_actions[ABI_SIGNALS];

/* Those whose action, as it is now, is to do nothing. */
static sigset_bits ignored = IGNORED_BY_DEFAULT;

bool signal_is_ignored(int sig)
{
	return ignored & ABI_SIG_BIT(sig);
}

void signal_reset_action(int sig)
{
	signal_actions[sig - 1].handler = ABI_SIG_DFL;
	ignored |= ABI_SIG_BIT(sig) & IGNORED_BY_DEFAULT;
}

void signal_thread_init(struct signal_thread *s, const struct thread *parent)
{
	*s = (struct signal_thread){
	    .blocked = parent ? parent->signals.blocked : 0,
	    .alt_stack.flags = ABI_SS_DISABLE,
	};
	signal_queue_init(&s->queue);
	if (!parent)
		arch_signal_hooks = (struct arch_signal_hooks){
		    .enter = signal_enter_handler,
		    .leave = signal_leave_handler,
		    .leave_call = signal_leave_call,
		};
}

void signal_thread_free(struct signal_thread *s)
{
	unsigned long flags = spin_lock(&signal_lock);
	sigset_bits left = signal_process_queue.pending;

	s->blocked = ~0UL; /* it takes no more */
	s->waiting_for = 0;
	signal_queue_flush(&s->queue, ~0UL);
	spin_unlock(&signal_lock, flags);
	if (left)
		signal_retarget(left);
}

sigset_bits signal_deliverable(const struct thread *t)
{
	return (t->signals.queue.pending | signal_process_queue.pending) &
	       ~t->signals.blocked;
}

void signal_update(struct thread *t)
{
	uint32_t pending =
	    t->signals.restore_saved || signal_deliverable(t) != 0;

	__atomic_store_n(&t->arch.pending, pending, __ATOMIC_RELAXED);
}

sigset_bits signal_set_mask(struct thread *t, sigset_bits mask)
{
	sigset_bits before = t->signals.blocked;

	mask &= ~ABI_SIG_UNBLOCKABLE;
	t->signals.blocked = mask;
	signal_update(t);
	return signal_process_queue.pending & mask & ~before;
}

int signal_change_mask(int how, sigset_bits set)
{
	struct thread *t = thread_current();
	unsigned long flags = spin_lock(&signal_lock);
	sigset_bits mask = t->signals.blocked, left;

	switch (how) {
	case ABI_SIG_BLOCK:
		mask |= set;
		break;
	case ABI_SIG_UNBLOCK:
		mask &= ~set;
		break;
	case ABI_SIG_SETMASK:
		mask = set;
		break;
	default:
		spin_unlock(&signal_lock, flags);
		return -EINVAL;
	}
	left = signal_set_mask(t, mask);
	spin_unlock(&signal_lock, flags);
	if (left)
		signal_retarget(left);
	return 0;
}

/* --- sending --- */

static bool takes(const struct thread *t, int sig)
{
	return !t->is_idle && t->state != THREAD_ENDED &&
	       ((~t->signals.blocked | t->signals.waiting_for) &
		ABI_SIG_BIT(sig));
}

/* Tells t that it has something to look at. */
static void notify(struct thread *t, int sig)
{
	signal_update(t);
	if (takes(t, sig))
		thread_wake(t);
}

/* Somebody to tell of a signal of the process; under both locks. */
static struct thread *choose(int sig)
{
	struct thread *t = thread_current();

	if (t && takes(t, sig))
		return t;
	list_for_each(node, &thread_all)
	{
		t = container_of(node, struct thread, all_node);
		if (takes(t, sig))
			return t;
	}
	return NULL;
}

/* Nothing would ever happen: nobody blocks it to accept it later. */
static bool is_dropped(const struct thread *t, const struct thread *target,
		       int sig)
{
	if (!signal_is_ignored(sig))
		return false;
	if (sig == ABI_SIGSTOP)
		return true;
	if (t)
		return takes(t, sig) &&
		       !(t->signals.waiting_for & ABI_SIG_BIT(sig));
	return target && !(target->signals.waiting_for & ABI_SIG_BIT(sig));
}

/* With either info or node; thread_all_lock is held if t is NULL. */
static int send(struct thread *t, int sig, const struct abi_siginfo *info,
		struct signal_info *node)
{
	unsigned long flags = spin_lock(&signal_lock);
	struct thread *target = t ? t : choose(sig);
	struct signal_queue *q = t ? &t->signals.queue : &signal_process_queue;
	int error = 0;

	if (is_dropped(t, target, sig)) {
		spin_unlock(&signal_lock, flags);
		return node ? 1 : 0;
	}
	if (node)
		signal_queue_add_info(q, node);
	else
		error = signal_queue_add(q, sig, info);
	if (!error && target)
		notify(target, sig);
	spin_unlock(&signal_lock, flags);
	return error;
}

static int send_any(struct thread *t, int sig, const struct abi_siginfo *info,
		    struct signal_info *node)
{
	unsigned long flags;
	int error;

	if (t)
		return send(t, sig, info, node);
	flags = spin_lock(&thread_all_lock);
	error = send(NULL, sig, info, node);
	spin_unlock(&thread_all_lock, flags);
	return error;
}

int signal_send(struct thread *t, int sig, const struct abi_siginfo *info)
{
	return sig == 0 ? 0 : send_any(t, sig, info, NULL);
}

bool signal_send_info(struct thread *t, struct signal_info *i)
{
	return send_any(t, i->info.signo, NULL, i) == 0;
}

void signal_retarget(sigset_bits set)
{
	unsigned long all_flags = spin_lock(&thread_all_lock);
	unsigned long flags = spin_lock(&signal_lock);
	sigset_bits bits = signal_process_queue.pending & set;

	while (bits) {
		int sig = __builtin_ctzl(bits) + 1;
		struct thread *t = choose(sig);

		if (t)
			notify(t, sig);
		bits &= bits - 1;
	}
	spin_unlock(&signal_lock, flags);
	spin_unlock(&thread_all_lock, all_flags);
}

/* --- what the calling thread asks --- */

bool signal_interrupts(void)
{
	struct thread *t = thread_current();

	return signal_deliverable(t) & ~ignored;
}

sigset_bits signal_pending(void)
{
	struct thread *t = thread_current();

	return (t->signals.queue.pending | signal_process_queue.pending) &
	       t->signals.blocked;
}

void signal_mask_for_call(sigset_bits mask)
{
	struct thread *t = thread_current();
	unsigned long flags = spin_lock(&signal_lock);
	sigset_bits left;

	if (!t->signals.restore_saved)
		t->signals.saved = t->signals.blocked;
	t->signals.restore_saved = true;
	left = signal_set_mask(t, mask);
	spin_unlock(&signal_lock, flags);
	if (left)
		signal_retarget(left);
}

void signal_mask_call_done(void)
{
	struct thread *t = thread_current();
	unsigned long flags = spin_lock(&signal_lock);
	sigset_bits left = 0;

	if (t->signals.restore_saved) {
		t->signals.restore_saved = false;
		left = signal_set_mask(t, t->signals.saved);
	}
	spin_unlock(&signal_lock, flags);
	if (left)
		signal_retarget(left);
}

/* Pending ones of a signal that is ignored from now on are forgotten. */
static void forget(int sig)
{
	sigset_bits bit = ABI_SIG_BIT(sig);

	signal_queue_flush(&signal_process_queue, bit);
	list_for_each(node, &thread_all)
	{
		struct thread *t = container_of(node, struct thread, all_node);

		signal_queue_flush(&t->signals.queue, bit);
	}
}

int signal_set_action(int sig, const struct abi_sigaction *new,
		      struct abi_sigaction *old)
{
	sigset_bits bit = ABI_SIG_BIT(sig);
	unsigned long all_flags, flags;
	int error;

	if (new && (bit & ABI_SIG_UNBLOCKABLE))
		return -EINVAL;
	if (new &&new->handler > ABI_SIG_IGN) {
		error = signal_frame_init();
		if (error)
			return error;
	}
	all_flags = spin_lock(&thread_all_lock);
	flags = spin_lock(&signal_lock);
	*old = signal_actions[sig - 1];
	if (new) {
		signal_actions[sig - 1] = *new;
		signal_actions[sig - 1].mask &= ~ABI_SIG_UNBLOCKABLE;
		ignored &= ~bit;
		if (new->handler == ABI_SIG_IGN ||
		    (new->handler == ABI_SIG_DFL && (bit & IGNORED_BY_DEFAULT)))
			ignored |= bit;
		if (ignored & bit)
			forget(sig);
	}
	spin_unlock(&signal_lock, flags);
	spin_unlock(&thread_all_lock, all_flags);
	return 0;
}

static bool on_stack(const struct abi_sigaltstack *stack, uintptr_t sp)
{
	uintptr_t base = (uintptr_t)stack->sp;

	return !((uint32_t)stack->flags & ABI_SS_AUTODISARM) && sp > base &&
	       sp - base <= stack->size;
}

void signal_get_stack(struct abi_sigaltstack *stack, uintptr_t sp)
{
	const struct abi_sigaltstack *s = &thread_current()->signals.alt_stack;

	*stack = *s;
	if (s->size == 0)
		stack->flags = ABI_SS_DISABLE;
	else if (on_stack(s, sp))
		stack->flags |= ABI_SS_ONSTACK;
}

int signal_set_stack(const struct abi_sigaltstack *stack, uintptr_t sp)
{
	struct abi_sigaltstack *s = &thread_current()->signals.alt_stack;
	uint32_t mode = (uint32_t)stack->flags & ~ABI_SS_AUTODISARM;

	if (s->size && on_stack(s, sp))
		return -EPERM;
	if (mode != 0 && mode != ABI_SS_ONSTACK && mode != ABI_SS_DISABLE)
		return -EINVAL;
	if (mode == ABI_SS_DISABLE) {
		*s = (struct abi_sigaltstack){.flags = ABI_SS_DISABLE};
		return 0;
	}
	if (stack->size < ABI_MINSIGSTKSZ)
		return -ENOMEM;
	*s = *stack;
	s->flags = (int)((uint32_t)stack->flags & ABI_SS_AUTODISARM);
	return 0;
}

static int take_waited(struct thread *t, sigset_bits set,
		       struct abi_siginfo *info, bool done)
{
	unsigned long flags = spin_lock(&signal_lock);
	int sig = signal_queue_take(&t->signals.queue, set, info);

	if (!sig)
		sig = signal_queue_take(&signal_process_queue, set, info);
	t->signals.waiting_for = sig || done ? 0 : set;
	signal_update(t);
	spin_unlock(&signal_lock, flags);
	return sig;
}

int signal_wait(sigset_bits set, uint64_t deadline, struct abi_siginfo *info)
{
	struct thread *t = thread_current();
	int sig, error;

	set &= ~ABI_SIG_UNBLOCKABLE;
	for (;;) {
		sig = take_waited(t, set, info, false);
		if (sig)
			return sig;
		error = thread_sleep(deadline, SLEEP_INTERRUPTIBLE);
		if (error)
			break;
	}
	sig = take_waited(t, set, info, true);
	if (sig)
		return sig;
	return error == -ETIMEDOUT ? -EAGAIN : -EINTR;
}
