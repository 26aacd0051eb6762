/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen_console.h - Xen's PV console: the ring to xenconsoled, in dom0.
 */
#ifndef DEV_XEN_XEN_CONSOLE_H
#define DEV_XEN_XEN_CONSOLE_H

#include "console.h"

/*
 * The domain's console, which sends at once, polling; NULL if it has none.
 * Nobody else writes to the ring from here on.
 */
struct console *xen_console_open(void);

/*
 * Around xen_suspend, interrupts off: waits until all output is taken (not
 * for ever); and has the new domain's ring.
 */
void xen_console_suspend(void);
void xen_console_resume(void);

#endif
