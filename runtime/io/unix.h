/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix.h - sockets of AF_UNIX (unix(7)): streams, datagrams and sequenced
 * packets between threads of the one process, by pairs, abstract names and
 * paths, with descriptors in their messages.
 */
#ifndef IO_UNIX_H
#define IO_UNIX_H

#include "io/socket.h"

extern const struct socket_family unix_family;

#endif
