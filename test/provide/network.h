/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * network.h - the parts of the program network, and what they have in common.
 */
#ifndef TEST_PROVIDE_NETWORK_H
#define TEST_PROVIDE_NETWORK_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include "loopback.h"
#include "say.h"

struct sockaddr_in network_address(int port);
int network_listen(int port, int flags);
/* Both ends of a stream: end[0] the one that connected. */
void network_pair(int end[2], int flags);
unsigned network_ready(int fd, int timeout);

void network_streams(void);
void network_endings(void);
void network_waiting(void);
void network_datagrams(void);
void network_options(void);
void network_threads(void);

#endif
