/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tty_ioctl.c - requests to the terminal (ioctl_tty(2)).
 *
 * The one process is the session's leader and the foreground, whatever it
 * asks for.
 */
#include "arch/user.h"
#include "core/process.h"
#include "core/signal.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/tty_state.h"

static void *pointer(uintptr_t argument)
{
	return (void *)argument;
}

static long put_number(uintptr_t to, uint32_t value)
{
	return user_write(pointer(to), &value, sizeof(value));
}

/* Waits until the console has all output. */
static int drain(void)
{
	if (conmux_is_empty())
		return 0;
	return wait_until(&conmux_queue, conmux_is_empty(), DEADLINE_NEVER,
			  SLEEP_INTERRUPTIBLE)
		   ? -ERESTARTSYS
		   : 0;
}

static void flush_input(void)
{
	unsigned long flags = spin_lock(&tty.lock);

	tty_flush_input();
	spin_unlock(&tty.lock, flags);
	conmux_resume();
}

static long get_mode(uintptr_t to)
{
	unsigned long flags = spin_lock(&tty.lock);
	struct abi_termios mode = tty.mode;

	spin_unlock(&tty.lock, flags);
	return user_write(pointer(to), &mode, sizeof(mode));
}

static long set_mode(unsigned long request, uintptr_t from)
{
	struct abi_termios mode;
	unsigned long flags;
	int error = user_read(&mode, pointer(from), sizeof(mode));

	if (!error && request != TCSETS)
		error = drain();
	if (error)
		return error;
	if (request == TCSETSF)
		flush_input();
	flags = spin_lock(&tty.lock);
	tty_set_mode(&mode);
	if (!(mode.iflag & IXON))
		tty.stopped = false;
	spin_unlock(&tty.lock, flags);
	wait_wake(&conmux_queue, WAIT_ALL, 0);
	return 0;
}

static long get_window(uintptr_t to)
{
	unsigned long flags = spin_lock(&tty.lock);
	struct abi_winsize window = tty.window;

	spin_unlock(&tty.lock, flags);
	return user_write(pointer(to), &window, sizeof(window));
}

static long set_window(uintptr_t from)
{
	struct abi_winsize window;
	unsigned long flags;
	int error = user_read(&window, pointer(from), sizeof(window));

	if (error)
		return error;
	flags = spin_lock(&tty.lock);
	tty.window.x_pixels = window.x_pixels;
	tty.window.y_pixels = window.y_pixels;
	spin_unlock(&tty.lock, flags);
	tty_resize(window.rows, window.columns);
	return 0;
}

static long flow(uintptr_t argument)
{
	switch (argument) {
	case TCOOFF:
	case TCOON:
		__atomic_store_n(&tty.stopped, argument == TCOOFF,
				 __ATOMIC_RELEASE);
		wait_wake(&conmux_queue, WAIT_ALL, POLLOUT | POLLWRNORM);
		return 0;
	case TCIOFF: /* the console's other side isn't asked to wait */
	case TCION:
		return 0;
	}
	return -EINVAL;
}

static long flush(uintptr_t argument)
{
	switch (argument) {
	case TCIFLUSH:
	case TCIOFLUSH: /* output that is on its way stays so */
		flush_input();
		return 0;
	case TCOFLUSH:
		return 0;
	}
	return -EINVAL;
}

static long readable(uintptr_t to)
{
	unsigned long flags = spin_lock(&tty.lock);
	size_t n = tty_readable();

	spin_unlock(&tty.lock, flags);
	return put_number(to, (uint32_t)n);
}

/* Only what is so already can be made so. */
static long set_number(uintptr_t from, uint32_t only, long error)
{
	uint32_t value;

	if (user_read(&value, pointer(from), sizeof(value)))
		return -EFAULT;
	return value == only ? 0 : error;
}

long tty_ioctl(struct file *f, unsigned long request, uintptr_t argument)
{
	(void)f;
	switch (request) {
	case TCGETS:
		return get_mode(argument);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_mode(request, argument);
	case TIOCGWINSZ:
		return get_window(argument);
	case TIOCSWINSZ:
		return set_window(argument);
	case FIONREAD:
		return readable(argument);
	case TIOCOUTQ:
		return put_number(argument, 0);
	case TIOCGPGRP:
	case TIOCGSID:
		return put_number(argument, PROCESS_ID);
	case TIOCSPGRP:
		return set_number(argument, PROCESS_ID, -EPERM);
	case TIOCGETD: /* N_TTY */
		return put_number(argument, 0);
	case TIOCSETD:
		return set_number(argument, 0, -EINVAL);
	case TCSBRK: /* tcdrain; a break isn't sent */
	case TCSBRKP:
		return drain();
	case TCXONC:
		return flow(argument);
	case TCFLSH:
		return flush(argument);
	case TIOCSCTTY:
	case TIOCNOTTY:
	case TIOCEXCL:
	case TIOCNXCL:
		return 0;
	}
	return -ENOTTY;
}
