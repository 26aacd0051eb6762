/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/ioctl.h - requests of ioctl on any descriptor, as in Linux on
 * x86-64 (asm-generic/ioctls.h).  A terminal's are in termios.h.
 */
#ifndef HALVM_ABI_IOCTL_H
#define HALVM_ABI_IOCTL_H

#define FIONREAD 0x541b
#define FIONBIO 0x5421
#define FIONCLEX 0x5450
#define FIOCLEX 0x5451
#define FIOASYNC 0x5452

/* Sockets: bytes not yet received by the other side. */
#define SIOCOUTQ 0x5411
#define SIOCATMARK 0x8905

#endif
