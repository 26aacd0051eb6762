/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs_text.h - the texts of /proc: of the machine (procfs_machine.c) and of
 * the process (procfs_self.c).  `number` is the thread's, or -1.
 */
#ifndef IO_PROCFS_TEXT_H
#define IO_PROCFS_TEXT_H

#include "io/procfs_node.h"

typedef void proc_text_fn(struct proc_text *t, int number);

proc_text_fn proc_cpuinfo, proc_filesystems, proc_hostname, proc_loadavg,
    proc_meminfo, proc_mounts, proc_osrelease, proc_ostype, proc_overcommit,
    proc_pid_max, proc_machine_stat, proc_uptime, proc_version;

proc_text_fn proc_cmdline, proc_comm, proc_environ, proc_maps, proc_stat,
    proc_statm, proc_status;

/* Names a thread. */
int proc_set_comm(const char *text, size_t n, int number);
/* The first thread's id >= n, or -1. */
int proc_next_thread(int n);

#endif
