/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the host's KVM works and is worth it: see run.h.
 *
 * On a machine that is itself emulated /dev/kvm may be there and a hundred
 * times slower than QEMU's own translator. So a guest of five instructions is
 * timed once a boot of the host, and the answer kept in the user's cache
 * folder: creating a virtual machine costs more than hello needs to run.
 *
 * Source: the kernel's Documentation/virt/kvm/api.rst.
 */
#include "config.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/*
 * 1 Mi rounds of two instructions: 0.5 ms on a processor, 5 ms translated by
 * QEMU. KVM that takes longer than the limit is emulated below us.
 */
enum { LIMIT_MS = 20 };
/* mov ecx, 0x100000; 1: dec ecx; jnz 1b; hlt -- in 16-bit mode */
static const unsigned char code[] = {0x66, 0xb9, 0,    0,    0x10, 0,
				     0x66, 0x49, 0x75, 0xfc, 0xf4};
enum { CODE_AT = 0x1000, PAGE = 4096, KVM_API = 12 };

enum verdict { GOOD, ABSENT, FORBIDDEN, BROKEN, SLOW };

static const char *const reasons[] = {
    "it works", "the host has none (/dev/kvm)",
    "/dev/kvm may not be opened (is the user in the group kvm?)",
    "it doesn't work here", "it is slower than QEMU's own translator here"};

static long elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 +
	       (now.tv_nsec - since->tv_nsec) / 1000000;
}

static void on_alarm(int sig)
{
	(void)sig; /* KVM_RUN returns */
}

/* Runs the vCPU until it halts or the limit is over. */
static enum verdict time_vcpu(int vcpu, struct kvm_run *run)
{
	struct kvm_sregs sregs;
	struct kvm_regs regs = {.rip = CODE_AT, .rflags = 2};
	struct sigaction old, sa = {.sa_handler = on_alarm};
	struct itimerval limit = {.it_value.tv_usec = LIMIT_MS * 1000L,
				  .it_interval.tv_usec = LIMIT_MS * 1000L};
	struct itimerval off = {0};
	struct timespec start;
	int error;

	if (ioctl(vcpu, KVM_GET_SREGS, &sregs) < 0)
		return BROKEN;
	sregs.cs.base = sregs.cs.selector = 0;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs) < 0 ||
	    ioctl(vcpu, KVM_SET_REGS, &regs) < 0)
		return BROKEN;
	clock_gettime(CLOCK_MONOTONIC, &start);
	sigaction(SIGALRM, &sa, &old);
	setitimer(ITIMER_REAL, &limit, NULL);
	error = ioctl(vcpu, KVM_RUN, 0) < 0 ? errno : 0;
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &old, NULL);
	if (error == EINTR || elapsed_ms(&start) >= LIMIT_MS)
		return SLOW;
	return !error && run->exit_reason == KVM_EXIT_HLT ? GOOD : BROKEN;
}

static enum verdict time_vm(int kvm, int vm, void *page)
{
	struct kvm_userspace_memory_region region = {.memory_size = PAGE,
						     .guest_phys_addr = CODE_AT,
						     .userspace_addr =
							 (uintptr_t)page};
	int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), vcpu;
	enum verdict v = BROKEN;
	struct kvm_run *run;

	if (size <= 0 || ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return BROKEN;
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0)
		return BROKEN;
	run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu,
		   0);
	if (run != MAP_FAILED) {
		v = time_vcpu(vcpu, run);
		munmap(run, (size_t)size);
	}
	close(vcpu);
	return v;
}

static enum verdict probe(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), vm;
	enum verdict v = BROKEN;
	void *page;

	if (kvm < 0)
		return errno == EACCES || errno == EPERM ? FORBIDDEN : ABSENT;
	if (ioctl(kvm, KVM_GET_API_VERSION, 0) != KVM_API) {
		close(kvm);
		return BROKEN;
	}
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (vm >= 0 && page != MAP_FAILED) {
		memcpy(page, code, sizeof(code));
		v = time_vm(kvm, vm, page);
	}
	if (page != MAP_FAILED)
		munmap(page, PAGE);
	if (vm >= 0)
		close(vm);
	close(kvm);
	return v;
}

/* The folder of the cache, made if need be; NULL if there can't be one. */
static char *cache_dir(void)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *all, *dir;

	if ((!base || *base != '/') && (!home || *home != '/'))
		return NULL;
	all = base && *base == '/' ? xstrdup(base) : path_join(home, ".cache");
	dir = path_join(all, "halvm");
	mkdir(all, 0700);
	mkdir(dir, 0700);
	free(all);
	return dir;
}

/* What an answer holds for: this boot of the host, and who asks. */
static char *cache_key(void)
{
	size_t len;
	char *boot = read_file("/proc/sys/kernel/random/boot_id", &len), *key;

	if (!boot)
		return NULL;
	boot[strcspn(boot, "\n")] = 0;
	key = xasprintf("%s %ld ", boot, (long)geteuid());
	free(boot);
	return key;
}

static bool recall(const char *file, const char *key, enum verdict *v)
{
	size_t len;
	char *text = read_file(file, &len);
	bool good = text && str_starts(text, key);

	if (good) {
		const char *p = text + strlen(key);
		good = *p >= '0' + GOOD && *p <= '0' + SLOW;
		*v = (enum verdict)(*p - '0');
	}
	free(text);
	return good;
}

/* Whole or not at all; a cache that can't be written is no error. */
static void remember(const char *file, const char *key, enum verdict v)
{
	char *temp = xasprintf("%s.%ld", file, (long)getpid());
	FILE *f = fopen(temp, "we");

	if (f) {
		fprintf(f, "%s%d\n", key, (int)v);
		if (fclose(f) != 0 || rename(temp, file) != 0)
			unlink(temp);
	}
	free(temp);
}

static enum verdict cached_probe(void)
{
	char *dir = cache_dir(), *key = cache_key(), *file = NULL;
	enum verdict v;

	if (dir && key)
		file = path_join(dir, "kvm");
	if (!file || !recall(file, key, &v)) {
		v = probe();
		if (file && v != FORBIDDEN && v != ABSENT)
			remember(file, key, v);
	}
	free(file);
	free(dir);
	free(key);
	return v;
}

enum run_accel run_accel_choose(enum run_accel asked, const char **why)
{
	enum verdict v;

	*why = "as asked";
	if (asked != ACCEL_AUTO)
		return asked;
	v = cached_probe();
	*why = reasons[v];
	return v == GOOD ? ACCEL_KVM : ACCEL_TCG;
}
