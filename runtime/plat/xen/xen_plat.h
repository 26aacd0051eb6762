/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen_plat.h - between the files of this platform.
 */
#ifndef PLAT_XEN_H
#define PLAT_XEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "platform.h"
#include "xen.h"

/*
 * The page that Xen and we share; mapped there by xen_share.  It takes the
 * place of a page of the image, so nothing else may be in that.
 */
union xen_shared_page {
	struct shared_info info;
	char page[4096];
};
extern union xen_shared_page xen_shared_page;
#define xen_shared xen_shared_page.info

/* HVMOP_get_param for ourselves; false if Xen refuses or it is 0. */
bool xen_get_param(unsigned index, uint64_t *value);

/* The hypercall page, filled by the Xen below; false if there is none. */
bool xen_map_hypercalls(void);

/* memory.c: what is RAM for us, of what the loader calls RAM. */
void xen_trim_ram(struct boot_info *info);

/* platform.c: xen_shared is Xen's; 0 or -errno. */
int xen_share(void);
/* There is a Xen below. */
extern bool xen_present;

/* upcall.c: the upcall's vector is told to Xen; all ports are masked. */
void xen_upcall_init(void);
/* After a restore: the same again; handlers of ports are forgotten. */
void xen_upcall_resume(void);

/* clock.c */
void xen_clock_init(void (*on_timer)(void));
void xen_clock_suspend(void);
void xen_clock_resume(void);

/* log.c: first and last words go to the console's ring, if there is one. */
void xen_log_init(void);
/* Until dom0 has read what is in the ring, or half a second. */
void xen_log_drain(void);

/* pv_start.c: from pv.S. */
struct start_info;
_Noreturn void xen_pv_start(struct start_info *info);

#endif
