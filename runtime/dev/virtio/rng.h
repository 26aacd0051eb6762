/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rng.h - virtio's entropy device (virtio 1.1, 5.4).
 */
#ifndef DEV_VIRTIO_RNG_H
#define DEV_VIRTIO_RNG_H

#include "dev/virtio/virtio.h"

/*
 * Remembers the device, whose memory stays for good, and becomes the source of
 * core/entropy.h; it is started when it is first asked.  One such device.
 */
void virtio_rng_open(struct virtio *v);

#endif
