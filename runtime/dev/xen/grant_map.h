/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * grant_map.h - between grant.c and grant_map.c.
 */
#ifndef DEV_XEN_GRANT_MAP_H
#define DEV_XEN_GRANT_MAP_H

struct xen_grant_counts;

/* Fills in `mapped` and `holes`. */
void xen_grant_map_count(struct xen_grant_counts *counts);

#endif
