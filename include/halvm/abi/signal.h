/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/signal.h - signals as libc sees them: Linux on x86-64
 * (asm/signal.h, asm-generic/siginfo.h, asm/ucontext.h).
 */
#ifndef HALVM_ABI_SIGNAL_H
#define HALVM_ABI_SIGNAL_H

#include <stdint.h>

#define ABI_SIGNALS 64

enum {
	ABI_SIGHUP = 1,
	ABI_SIGINT = 2,
	ABI_SIGQUIT = 3,
	ABI_SIGILL = 4,
	ABI_SIGTRAP = 5,
	ABI_SIGABRT = 6,
	ABI_SIGBUS = 7,
	ABI_SIGFPE = 8,
	ABI_SIGKILL = 9,
	ABI_SIGUSR1 = 10,
	ABI_SIGSEGV = 11,
	ABI_SIGUSR2 = 12,
	ABI_SIGPIPE = 13,
	ABI_SIGALRM = 14,
	ABI_SIGTERM = 15,
	ABI_SIGCHLD = 17,
	ABI_SIGCONT = 18,
	ABI_SIGSTOP = 19,
	ABI_SIGTSTP = 20,
	ABI_SIGTTIN = 21,
	ABI_SIGTTOU = 22,
	ABI_SIGURG = 23,
	ABI_SIGXCPU = 24,
	ABI_SIGXFSZ = 25,
	ABI_SIGVTALRM = 26,
	ABI_SIGPROF = 27,
	ABI_SIGWINCH = 28,
	ABI_SIGIO = 29,
	ABI_SIGPWR = 30,
	ABI_SIGSYS = 31,
	ABI_SIGRTMIN = 32,
};

struct abi_sigaltstack {
	void *sp;
	int flags;
	uint64_t size;
};

struct abi_siginfo {
	int32_t signo, errnum, code, pad_;
	union {
		struct {
			int32_t pid;
			uint32_t uid;
			uint64_t value;
		} sender;
		struct {
			int32_t id, overrun;
			uint64_t value;
		} timer;
		struct {
			uint64_t addr;
		} fault;
		uint8_t size_[112];
	};
};

_Static_assert(sizeof(struct abi_siginfo) == 128, "siginfo_t");

/* The signals no thread can block, nor the process catch. */
#define ABI_SIG_BIT(sig) (1UL << ((sig)-1))
#define ABI_SIG_UNBLOCKABLE                                                    \
	(ABI_SIG_BIT(ABI_SIGKILL) | ABI_SIG_BIT(ABI_SIGSTOP))

/* rt_sigprocmask */
enum { ABI_SIG_BLOCK = 0, ABI_SIG_UNBLOCK = 1, ABI_SIG_SETMASK = 2 };

/* sa_handler */
#define ABI_SIG_DFL 0UL
#define ABI_SIG_IGN 1UL

/* sa_flags */
#define ABI_SA_SIGINFO 0x4UL
#define ABI_SA_RESTORER 0x04000000UL
#define ABI_SA_ONSTACK 0x08000000UL
#define ABI_SA_RESTART 0x10000000UL
#define ABI_SA_NODEFER 0x40000000UL
#define ABI_SA_RESETHAND 0x80000000UL

/* What rt_sigaction takes (the kernel's struct sigaction). */
struct abi_sigaction {
	uint64_t handler, flags, restorer, mask;
};

/* sigaltstack */
#define ABI_SS_ONSTACK 1
#define ABI_SS_DISABLE 2
#define ABI_SS_AUTODISARM (1U << 31)
#define ABI_MINSIGSTKSZ 2048

/* si_code */
enum {
	ABI_SI_USER = 0,
	ABI_SI_QUEUE = -1,
	ABI_SI_TIMER = -2,
	ABI_SI_TKILL = -6,
	ABI_SI_KERNEL = 0x80,
	ABI_ILL_ILLOPN = 2,
	ABI_FPE_INTDIV = 1,
	ABI_FPE_FLTDIV = 3,
	ABI_FPE_FLTOVF = 4,
	ABI_FPE_FLTUND = 5,
	ABI_FPE_FLTRES = 6,
	ABI_FPE_FLTINV = 7,
	ABI_SEGV_MAPERR = 1,
	ABI_SEGV_ACCERR = 2,
	ABI_BUS_ADRALN = 1,
	ABI_TRAP_BRKPT = 1,
	ABI_TRAP_TRACE = 2,
};

/* sigev_notify */
enum { ABI_SIGEV_SIGNAL = 0, ABI_SIGEV_NONE = 1, ABI_SIGEV_THREAD_ID = 4 };

/* What timer_create takes; Linux's is 64 bytes, of which these count. */
struct abi_sigevent {
	uint64_t value;
	int32_t signo, notify, tid;
};

/* The machine's part of a ucontext_t: gregset_t and what follows it. */
struct abi_mcontext {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags;
	uint64_t csgsfs; /* four times 16 bits: cs, gs, fs, ss */
	uint64_t err, trapno, oldmask, cr2;
	uint64_t fpregs; /* address of a 512-byte FXSAVE image, or 0 */
	uint64_t reserved[8];
};

/* As the kernel writes it: libc's has room for more signals at the end. */
struct abi_ucontext {
	uint64_t flags, link;
	struct abi_sigaltstack stack;
	struct abi_mcontext mcontext;
	uint64_t sigmask;
};

_Static_assert(sizeof(struct abi_mcontext) == 256, "mcontext_t");
_Static_assert(sizeof(struct abi_ucontext) == 304, "ucontext_t");
_Static_assert(sizeof(struct abi_sigaltstack) == 24, "stack_t");

#endif
