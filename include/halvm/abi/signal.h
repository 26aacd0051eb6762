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

#endif
