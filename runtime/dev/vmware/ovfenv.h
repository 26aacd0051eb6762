/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ovfenv.h - properties that whoever deployed an OVF package gave: a document
 * that vSphere leaves in guestinfo.ovfEnv (DSP0243 1.1, 11: the environment
 * document, with the transport com.vmware.guestInfo).
 */
#ifndef DEV_VMWARE_OVFENV_H
#define DEV_VMWARE_OVFENV_H

/*
 * The value of <Property oe:key="key" oe:value="...">, its entities replaced,
 * in memory of its own (heap.h); NULL if there is none, it is empty, damaged,
 * or there is no memory.  The document isn't trusted.
 */
char *ovfenv_property(const char *document, const char *key);

#endif
