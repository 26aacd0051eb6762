/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The test bed's QEMU: its command line, and its start as a process of its
 * own. See bed.h.
 */
#include "config.h"
#include "bed_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

/*
 * An AMD processor, for SVM with nested paging, which QEMU can emulate and
 * PVH guests need; without what dom0 or Xen trips over under emulation: SMAP,
 * RDTSCP, MONITOR, and XSAVE, with which dom0's registers go wrong silently.
 * The rest is what QEMU would say it can't emulate.
 */
#define CPU                                                                    \
	"EPYC,-smap,-rdtscp,-monitor,-xsave,-xsavec,-xgetbv1,-xsaveopt,"       \
	"-rdseed,-sha-ni,-fxsr-opt,-misalignsse,-3dnowprefetch,-osvw,"         \
	"-topoext,-nrip-save"

/*
 * Xen: nothing is scrubbed at the start, no defence against side channels,
 * since no one is there to defend against. What guests write to Xen's debug
 * ports is logged, at a limited rate.
 */
#define XEN_LINE                                                               \
	"console=com1 com1=115200,8n1 loglvl=warning guest_loglvl=none/all "   \
	"dom0_mem=512M,max:512M bootscrub=0 spec-ctrl=no xpti=no"
#define LINUX_LINE                                                             \
	"console=hvc0 quiet panic=1 mitigations=off init_on_alloc=0 audit=0 "  \
	"apparmor=0 ipv6.disable=1 cryptomgr.notests nowatchdog"

/* What QEMU inherits, at these numbers. */
enum { FD_ALIVE = 3, FD_SAVED = 4, FD_FAILED = 5 };

static void push2(struct strlist *argv, const char *a, const char *b)
{
	strlist_push(argv, a);
	strlist_push(argv, b);
}

static void port(struct strlist *argv, unsigned nr, const char *name,
		 const char *socket)
{
	strlist_push(argv, "-chardev");
	strlist_pushf(argv, "socket,id=port%u,path=%s,server=on,wait=off", nr,
		      socket);
	strlist_push(argv, "-device");
	strlist_pushf(argv, "virtserialport,nr=%u,chardev=port%u,name=%s", nr,
		      nr, name);
}

/*
 * All paths are relative to the bed's folder, since QEMU splits -initrd at
 * blanks and commas; `dom0` is a link there.
 */
static void command_line(const struct bed_machine *m, bool saved,
			 struct strlist *argv)
{
	strlist_push(argv, m->qemu);
	push2(argv, "-nodefaults", "-no-user-config");
	push2(argv, "-machine", "pc");
	push2(argv, "-accel", "tcg");
	push2(argv, "-cpu", CPU);
	strlist_push(argv, "-m");
	strlist_pushf(argv, "%luM", m->memory);
	push2(argv, "-display", "none");
	strlist_push(argv, "-no-reboot");
	push2(argv, "-pidfile", "pid");
	push2(argv, "-serial", "file:console.log");
	push2(argv, "-qmp", "unix:qmp.sock,server=on,wait=off");
	push2(argv, "-device", "virtio-serial-pci");
	port(argv, 1, "halvm.control", "control.sock");
	for (unsigned i = 0; i < BED_SLOTS; i++) {
		char name[32], socket[32];
		snprintf(name, sizeof(name), "halvm.slot%u", i);
		snprintf(socket, sizeof(socket), "slot%u.sock", i);
		port(argv, i + 2, name, socket);
	}
	push2(argv, "-kernel", "dom0/xen");
	strlist_push(argv, "-append");
	strlist_pushf(argv, "%s %s", XEN_LINE, m->xen_line);
	strlist_push(argv, "-initrd");
	strlist_pushf(argv, "dom0/vmlinux %s %s,dom0/initrd", LINUX_LINE,
		      m->linux_line);
	if (saved) {
		strlist_push(argv, "-incoming");
		strlist_pushf(argv, "fd:%d", FD_SAVED);
	}
}

/* To a number above all those that are to be given out. */
static int out_of_the_way(int fd)
{
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);
}

static void give(int fd, int number)
{
	if (fd >= 0)
		dup2(fd, number);
}

/* In the new process: the bed has nothing of ours but what it is given. */
static _Noreturn void become_qemu(const struct bed *b, char *const argv[],
				  int alive, int saved, int failed)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), log, error;
	sigset_t none;

	alive = out_of_the_way(alive);
	saved = out_of_the_way(saved);
	failed = out_of_the_way(failed);
	if (chdir(b->run) == 0) {
		log = open("qemu.log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			   0600);
		give(null, 0);
		give(log, 1);
		give(log, 2);
		give(alive, FD_ALIVE);
		give(saved, FD_SAVED);
		give(failed, FD_FAILED);
		fcntl(FD_FAILED, F_SETFD, FD_CLOEXEC);
		close_range(FD_FAILED + 1, ~0U, 0);
		failed = FD_FAILED;
		if (saved < 0)
			close(FD_SAVED);
		for (int sig = 1; sig < 32; sig++)
			signal(sig, SIG_DFL);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execv(argv[0], argv);
	}
	error = errno;
	/* Nobody is left to be told if this fails. */
	if (write(failed, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/* Links, and nothing of an earlier run. */
static void clean_folder(const struct bed *b, const struct bed_machine *m)
{
	static const char *const old[] = {"ready", "pid", "console.log",
					  "control.sock", "dom0"};
	char *link = path_join(b->run, "dom0");

	for (size_t i = 0; i < ARRAY_SIZE(old); i++) {
		char *path = path_join(b->run, old[i]);
		unlink(path);
		free(path);
	}
	if (symlink(m->dom0, link) < 0)
		die(EXIT_FAILED, "can't make the link '%s': %s", link,
		    strerror(errno));
	free(link);
}

void bed_machine_start(const struct bed *b, const struct bed_machine *m,
		       int alive, int saved)
{
	struct strlist argv = {0};
	int failed[2], error;
	pid_t pid;

	clean_folder(b, m);
	command_line(m, saved >= 0, &argv);
	if (pipe2(failed, O_CLOEXEC) < 0)
		die(EXIT_FAILED, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die(EXIT_FAILED, "fork: %s", strerror(errno));
	if (pid == 0) {
		/* In a session of its own, and nobody's child. */
		setsid();
		if (fork() == 0)
			become_qemu(b, argv.v, alive, saved, failed[1]);
		_exit(0);
	}
	close(failed[1]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (read(failed[0], &error, sizeof(error)) == sizeof(error))
		die(EXIT_FAILED, "can't run '%s': %s", m->qemu,
		    strerror(error));
	close(failed[0]);
	strlist_free(&argv);
}
