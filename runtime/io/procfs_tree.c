/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs_tree.c - what is in /proc.
 */
#include "io/file.h"
#include "io/procfs_text.h"

#define DIRECTORY (S_IFDIR | 0555)
#define FILE_MODE (S_IFREG | 0444)
#define PRIVATE_MODE (S_IFREG | 0400)
#define LINK (S_IFLNK | 0777)

#define DIR(n, nodes)                                                          \
	{                                                                      \
		.name = n, .mode = DIRECTORY, .children = nodes                \
	}
#define TEXT(n, fn)                                                            \
	{                                                                      \
		.name = n, .mode = FILE_MODE, .text = fn                       \
	}
#define COMM                                                                   \
	{                                                                      \
		.name = "comm", .mode = S_IFREG | 0644, .text = proc_comm,     \
		.write = proc_set_comm                                         \
	}
#define END                                                                    \
	{                                                                      \
		.name = NULL                                                   \
	}

static const struct proc_node fd_link = {
    .name = "fd", .mode = S_IFLNK | 0700, .ops = &procfs_fd_ops};

static const struct proc_node task_nodes[] = {
    COMM,
    TEXT("stat", proc_stat),
    TEXT("status", proc_status),
    END,
};

static const struct proc_node task_dir = DIR("task", task_nodes);

static const struct proc_node self_nodes[] = {
    TEXT("cmdline", proc_cmdline),
    COMM,
    {.name = "cwd", .mode = LINK, .ops = &procfs_cwd_ops},
    {.name = "environ", .mode = PRIVATE_MODE, .text = proc_environ},
    {.name = "exe", .mode = LINK},
    {.name = "fd", .mode = DIRECTORY, .next = fd_next, .each = &fd_link},
    TEXT("maps", proc_maps),
    TEXT("mounts", proc_mounts),
    {.name = "root", .mode = LINK, .target = "/"},
    TEXT("stat", proc_stat),
    TEXT("statm", proc_statm),
    TEXT("status", proc_status),
    {.name = "task",
     .mode = DIRECTORY,
     .next = proc_next_thread,
     .each = &task_dir},
    END,
};

static const struct proc_node sys_kernel_nodes[] = {
    TEXT("hostname", proc_hostname),
    TEXT("osrelease", proc_osrelease),
    TEXT("ostype", proc_ostype),
    TEXT("pid_max", proc_pid_max),
    END,
};

static const struct proc_node sys_vm_nodes[] = {
    TEXT("overcommit_memory", proc_overcommit),
    END,
};

static const struct proc_node sys_nodes[] = {
    DIR("kernel", sys_kernel_nodes),
    DIR("vm", sys_vm_nodes),
    END,
};

static const struct proc_node root_nodes[] = {
    DIR("1", self_nodes),
    TEXT("cpuinfo", proc_cpuinfo),
    TEXT("filesystems", proc_filesystems),
    TEXT("loadavg", proc_loadavg),
    TEXT("meminfo", proc_meminfo),
    {.name = "mounts", .mode = LINK, .target = "self/mounts"},
    {.name = "self", .mode = LINK, .target = "1"},
    TEXT("stat", proc_machine_stat),
    DIR("sys", sys_nodes),
    TEXT("uptime", proc_uptime),
    TEXT("version", proc_version),
    END,
};

const struct proc_node procfs_root_node = DIR("", root_nodes);
