/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/socket.h - sockets, as in Linux on x86-64 (linux/socket.h,
 * asm-generic/socket.h, linux/un.h).
 */
#ifndef HALVM_ABI_SOCKET_H
#define HALVM_ABI_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include "halvm/abi/uio.h"

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_MAX 46

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_SEQPACKET 5
#define SOCK_TYPE_MASK 15
#define SOCK_NONBLOCK 04000
#define SOCK_CLOEXEC 02000000

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

#define SOMAXCONN 4096

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_CTRUNC 0x8
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_EOR 0x80
#define MSG_WAITALL 0x100
#define MSG_CONFIRM 0x800
#define MSG_ERRQUEUE 0x2000
#define MSG_NOSIGNAL 0x4000
#define MSG_MORE 0x8000
#define MSG_WAITFORONE 0x10000
#define MSG_CMSG_CLOEXEC 0x40000000

#define SOL_SOCKET 1

#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_PRIORITY 12
#define SO_LINGER 13
#define SO_REUSEPORT 15
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_TIMESTAMP 29
#define SO_ACCEPTCONN 30
#define SO_SNDBUFFORCE 32
#define SO_RCVBUFFORCE 33
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define SO_RCVTIMEO_NEW 66
#define SO_SNDTIMEO_NEW 67

#define SCM_RIGHTS 1
#define SCM_CREDENTIALS 2

#define ABI_SOCKADDR_MAX 128 /* struct sockaddr_storage */

struct abi_sockaddr {
	uint16_t family;
	uint8_t data[ABI_SOCKADDR_MAX - 2];
};

#define ABI_UNIX_PATH_MAX 108

struct abi_sockaddr_un {
	uint16_t family;
	char path[ABI_UNIX_PATH_MAX];
};

struct abi_ucred {
	int32_t pid;
	uint32_t uid, gid;
};

struct abi_linger {
	int32_t on, seconds;
};

struct abi_msghdr {
	void *name;
	uint32_t name_size, pad0_;
	struct abi_iovec *vec;
	size_t vec_count;
	void *control;
	size_t control_size;
	uint32_t flags, pad1_;
};

_Static_assert(sizeof(struct abi_msghdr) == 56, "struct msghdr");

struct abi_mmsghdr {
	struct abi_msghdr header;
	uint32_t size, pad_;
};

/* A control message; its data follow, and the next at a multiple of 8. */
struct abi_cmsghdr {
	size_t size; /* with this header */
	int32_t level, type;
};

#define ABI_CMSG_ALIGN(n) (((n) + 7) & ~(size_t)7)

#endif
