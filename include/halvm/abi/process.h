/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/process.h - facts of a process as libc sees them: Linux on x86-64
 * (asm-generic/resource.h, linux/resource.h, sysinfo.h, utsname.h, prctl.h,
 * random.h).
 */
#ifndef HALVM_ABI_PROCESS_H
#define HALVM_ABI_PROCESS_H

#include <stdint.h>
#include "halvm/abi/time.h"

#define ABI_RLIM_INFINITY UINT64_MAX

enum {
	ABI_RLIMIT_CPU,
	ABI_RLIMIT_FSIZE,
	ABI_RLIMIT_DATA,
	ABI_RLIMIT_STACK,
	ABI_RLIMIT_CORE,
	ABI_RLIMIT_RSS,
	ABI_RLIMIT_NPROC,
	ABI_RLIMIT_NOFILE,
	ABI_RLIMIT_MEMLOCK,
	ABI_RLIMIT_AS,
	ABI_RLIMIT_LOCKS,
	ABI_RLIMIT_SIGPENDING,
	ABI_RLIMIT_MSGQUEUE,
	ABI_RLIMIT_NICE,
	ABI_RLIMIT_RTPRIO,
	ABI_RLIMIT_RTTIME,
	ABI_RLIMITS,
};

struct abi_rlimit {
	uint64_t cur, max;
};

enum { ABI_RUSAGE_CHILDREN = -1, ABI_RUSAGE_SELF = 0, ABI_RUSAGE_THREAD = 1 };

struct abi_rusage {
	struct abi_timeval utime, stime;
	int64_t maxrss; /* KiB */
	int64_t ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock;
	int64_t msgsnd, msgrcv, nsignals, nvcsw, nivcsw;
};

struct abi_sysinfo {
	int64_t uptime;	   /* seconds */
	uint64_t loads[3]; /* times 65536 */
	uint64_t totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	uint16_t procs, pad;
	uint64_t totalhigh, freehigh;
	uint32_t mem_unit;
};

#define ABI_UTSNAME_SIZE 65

struct abi_utsname {
	char sysname[ABI_UTSNAME_SIZE];
	char nodename[ABI_UTSNAME_SIZE];
	char release[ABI_UTSNAME_SIZE];
	char version[ABI_UTSNAME_SIZE];
	char machine[ABI_UTSNAME_SIZE];
	char domainname[ABI_UTSNAME_SIZE];
};

enum {
	ABI_PR_SET_PDEATHSIG = 1,
	ABI_PR_GET_PDEATHSIG = 2,
	ABI_PR_GET_DUMPABLE = 3,
	ABI_PR_SET_DUMPABLE = 4,
	ABI_PR_GET_KEEPCAPS = 7,
	ABI_PR_SET_KEEPCAPS = 8,
	ABI_PR_SET_NAME = 15,
	ABI_PR_GET_NAME = 16,
	ABI_PR_GET_SECCOMP = 21,
	ABI_PR_CAPBSET_READ = 23,
	ABI_PR_SET_TIMERSLACK = 29,
	ABI_PR_GET_TIMERSLACK = 30,
	ABI_PR_SET_CHILD_SUBREAPER = 36,
	ABI_PR_GET_CHILD_SUBREAPER = 37,
	ABI_PR_SET_NO_NEW_PRIVS = 38,
	ABI_PR_GET_NO_NEW_PRIVS = 39,
	ABI_PR_SET_THP_DISABLE = 41,
	ABI_PR_GET_THP_DISABLE = 42,
};

/* getrandom */
#define ABI_GRND_NONBLOCK 1
#define ABI_GRND_RANDOM 2
#define ABI_GRND_INSECURE 4

_Static_assert(sizeof(struct abi_rusage) == 144, "struct rusage");
_Static_assert(sizeof(struct abi_sysinfo) == 112, "struct sysinfo");

#endif
