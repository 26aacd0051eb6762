/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * virtio_console.h - virtio's console device (virtio 1.1, 5.3), its first port.
 */
#ifndef DEV_VIRTIO_VIRTIO_CONSOLE_H
#define DEV_VIRTIO_VIRTIO_CONSOLE_H

#include "console.h"
#include "dev/virtio/virtio.h"

/*
 * Takes the device over, which stays the caller's memory for good, and returns
 * a console that can send at once; NULL if it can't be.  One such console;
 * before interrupts.
 */
struct console *virtio_console_open(struct virtio *v);

#endif
