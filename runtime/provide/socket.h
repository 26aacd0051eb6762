/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket.h - the inside of socket*.c.
 */
#ifndef PROVIDE_SOCKET_H
#define PROVIDE_SOCKET_H

#include "provide/provide.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/socket.h"

/* struct provide_stream's state. */
enum {
	SOCKET_CONNECTING = 1, /* connect said -EINPROGRESS */
	SOCKET_LISTENING = 2,
};

/* The provider has told what is ready. */
void socket_told(struct provide_file *f, unsigned events);

#endif
