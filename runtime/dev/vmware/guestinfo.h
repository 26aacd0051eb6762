/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * guestinfo.h - variables that a VMware machine shares with its host: lines
 * guestinfo.NAME = "VALUE" of the .vmx, or set and read by the host's tools.
 * Ours are guestinfo.halvm.NAME.
 */
#ifndef DEV_VMWARE_GUESTINFO_H
#define DEV_VMWARE_GUESTINFO_H

/* Bytes of a value, at most; hosts have taken no more for long. */
#define GUESTINFO_MAX 65535
#define GUESTINFO_NAME_MAX 64

/*
 * The value of guestinfo.halvm.<name>, up to its first NUL, in *value, from
 * heap.h; NULL if there is none.  0 with and without one; else -errno of
 * rpci.h, or -ENOMEM.
 */
int guestinfo_get(const char *name, char **value);

/* The same of guestinfo.ovfEnv (ovfenv.h). */
int guestinfo_get_ovf(char **document);

/*
 * Sets it.  No memory is needed: any context.  -EIO also if the host refuses;
 * -EMSGSIZE: name and value are more than some 100 bytes.
 */
int guestinfo_set(const char *name, const char *value);

#endif
