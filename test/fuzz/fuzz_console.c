/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of what comes to the console: the framed protocol (io/conmux_input.c)
 * and the terminal's line discipline (io/tty.c).  The first bytes choose the
 * terminal's mode; the rest comes in pieces, with the program reading now and
 * then.
 */
#include <stdlib.h>
#include <string.h>

#include "halvm/abi/errno.h"
#include "halvm/abi/fcntl.h"
#include "halvm/abi/signal.h"
#include "host.h"
#include "io/stdio.h"
#include "io/tty_state.h"
#include "fake_console.h"

#define MODE_BYTES 8

static void read_some(size_t n)
{
	static char buffer[5000];
	struct abi_iovec vec = {buffer, n};
	struct uio to = {.vec = &vec, .count = 1, .left = n};
	struct file *f = fd_get(0);
	long r;

	f->flags |= O_NONBLOCK;
	r = f->ops->read(f, &to, NULL);
	if (r > (long)n || (r < 0 && r != -EAGAIN))
		abort();
	file_put(f);
}

static void check_state(void)
{
	size_t n = tty.head - tty.tail;

	if (n > TTY_BUFFER || tty.canon - tty.tail > n)
		abort();
}

static void start(const uint8_t *mode)
{
	struct stdio_config config = {.console = &fake_console,
				      .framed = mode[0] & 1,
				      .is_pipe = {false, false, true}};

	fake_length = 0;
	fake_room = 5000;
	if (stdio_init(&config) || stdio_start())
		abort();
	if (mode[0] & 2)
		tty.mode.lflag ^= mode[1] | (uint32_t)mode[2] << 8;
	if (mode[0] & 4)
		tty.mode.iflag ^= mode[3] | (uint32_t)mode[4] << 8;
	if (mode[0] & 8)
		tty.mode.oflag ^= mode[5];
	if (mode[0] & 16)
		tty.mode.cc[mode[6] % ABI_NCCS] = mode[7];
	tty.mode.cc[VTIME] = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;

	if (!started) {
		host_threads_start();
		signal_change_mask(ABI_SIG_BLOCK, ~0UL);
		started = true;
	}
	if (size < MODE_BYTES)
		return 0;
	start(data);
	data += MODE_BYTES;
	size -= MODE_BYTES;
	while (size) {
		size_t n = data[0] % 64 + 1U, taken;

		data++;
		size--;
		if (n > size)
			n = size;
		taken = fake_type_n((const char *)data, n);
		check_state();
		if (taken > n)
			abort();
		if (taken < n || n % 4 == 0)
			read_some(n * 40);
		check_state();
		data += n;
		size -= n;
	}
	return 0;
}
