/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pair.h - two new descriptors at once: pipe(2), socketpair(2).
 */
#ifndef SYS_PAIR_H
#define SYS_PAIR_H

#include "io/file.h"

/*
 * Gives both files descriptors and writes these to the program's fds.  Takes
 * the references.  0, -EMFILE, -EFAULT, -ENOMEM; then none is open.
 */
long pair_install(struct file *end[2], int *fds, bool cloexec);

#endif
