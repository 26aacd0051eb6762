/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * console_tty.c - the provider's console as a terminal: one if the provider
 * tells the size of a window.  The modes of a terminal are kept here for who
 * asks; the provider isn't told of them.
 */
#include "provide/console.h"
#include "lib/string.h"
#include "halvm/abi/ioctl.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/termios.h"

#define FIRST_INODE 0x48414c56 /* like nobody else's */
#define TERMINAL ABI_DEV(5, 1) /* /dev/console */

/* What a call gets that may not ask the provider; 0: not asked yet. */
static uint32_t last_answer; /* atomic */
enum { IS_TERMINAL = 1, IS_NONE };

static struct provide_lock mode_lock;
static struct abi_termios mode = {
    .iflag = ICRNL | IXON | IUTF8,
    .oflag = OPOST | ONLCR,
    .cflag = CS8 | CREAD | HUPCL | CLOCAL | B38400,
    .lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .cc = {[VINTR] = 3,
	   [VQUIT] = 28,
	   [VERASE] = 127,
	   [VKILL] = 21,
	   [VEOF] = 4,
	   [VMIN] = 1,
	   [VSTART] = 17,
	   [VSTOP] = 19,
	   [VSUSP] = 26,
	   [VREPRINT] = 18,
	   [VDISCARD] = 15,
	   [VWERASE] = 23,
	   [VLNEXT] = 22},
};

int console_window(struct provide_file *f, struct halvm_window *w)
{
	const struct halvm_console_provider *c = console_of(f);
	uint32_t answer = __atomic_load_n(&last_answer, __ATOMIC_RELAXED);
	int r = -ENOTTY;

	memset(w, 0, sizeof(*w));
	if (!console_enter(f))
		return c->window && answer == IS_TERMINAL ? 0 : -ENOTTY;
	if (!c->window)
		return -ENOTTY;
	r = c->window(w);
	answer = r >= 0 ? IS_TERMINAL : IS_NONE;
	__atomic_store_n(&last_answer, answer, __ATOMIC_RELAXED);
	return r < 0 ? -ENOTTY : 0;
}

long console_status(struct provide_file *f, struct abi_stat *s)
{
	struct halvm_window w;

	if (provide_bad((long)s))
		return -EFAULT;
	memset(s, 0, sizeof(*s));
	s->ino = FIRST_INODE + f->handle;
	s->nlink = 1;
	s->block_size = 4096;
	s->mode = S_IFIFO | 0600;
	if (console_window(f, &w) == 0) {
		/* One terminal, as ttyname(3) and the like compare. */
		s->ino = FIRST_INODE;
		s->mode = S_IFCHR | 0620;
		s->rdev = TERMINAL;
	}
	return 0;
}

static long get_mode(long to)
{
	provide_signals before = provide_lock(&mode_lock);
	struct abi_termios now = mode;

	provide_unlock(&mode_lock, before);
	if (provide_bad(to))
		return -EFAULT;
	memcpy((void *)to, &now, sizeof(now));
	return 0;
}

static long set_mode(long from)
{
	provide_signals before;
	struct abi_termios new;

	if (provide_bad(from))
		return -EFAULT;
	memcpy(&new, (const void *)from, sizeof(new));
	before = provide_lock(&mode_lock);
	mode = new;
	provide_unlock(&mode_lock, before);
	return 0;
}

static long put_number(long to, int number)
{
	if (provide_bad(to))
		return -EFAULT;
	memcpy((void *)to, &number, sizeof(number));
	return 0;
}

static long put_window(long to, const struct halvm_window *w)
{
	struct abi_winsize size = {w->rows, w->columns, w->width, w->height};

	if (provide_bad(to))
		return -EFAULT;
	memcpy((void *)to, &size, sizeof(size));
	return 0;
}

long console_ioctl(struct provide_file *f, unsigned request, long argument)
{
	struct halvm_window w;

	/* The placeholder's answers would be a socket's. */
	if (request == FIONREAD)
		return put_number(argument,
				  !!(ready_events(&f->stream.ready) & POLLIN));
	if (request >> 8 != 'T' || request == FIONBIO || request == FIOCLEX ||
	    request == FIONCLEX || request == FIOASYNC)
		return -ENOTTY;
	if (console_window(f, &w))
		return -ENOTTY;
	switch (request) {
	case TIOCGWINSZ:
		return put_window(argument, &w);
	case TCGETS:
		return get_mode(argument);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_mode(argument);
	case TIOCGPGRP:
	case TIOCGSID:
		return put_number(argument, (int)target(getpid));
	case TIOCOUTQ:
		return put_number(argument, 0);
	case TIOCSPGRP:
	case TIOCSCTTY:
	case TIOCEXCL:
	case TIOCNXCL:
	case TCSBRK:
	case TCSBRKP:
	case TCXONC:
	case TCFLSH:
		return 0;
	}
	return -EINVAL;
}

static const char terminal[] = "/dev/tty";

/* The stream of a name as "/dev/stdin", or -1. */
static int stream_of(const char *path, unsigned flags)
{
	static const struct {
		const char *name;
		int stream;
	} names[] = {
	    {"/dev/stdin", 0},	    {"/dev/stdout", 1},
	    {"/dev/stderr", 2},	    {"/dev/fd/0", 0},
	    {"/dev/fd/1", 1},	    {"/dev/fd/2", 2},
	    {"/proc/self/fd/0", 0}, {"/proc/self/fd/1", 1},
	    {"/proc/self/fd/2", 2},
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(path, names[i].name) == 0)
			return names[i].stream;
	if (strcmp(path, terminal) || (flags & O_ACCMODE) == O_RDWR)
		return -1;
	return (flags & O_ACCMODE) == O_RDONLY ? 0 : 1;
}

long provide_console_open(const char *path, unsigned flags)
{
	int stream = stream_of(path, flags);
	struct provide_file *f;
	struct halvm_window w;

	if (stream < 0)
		return -ENXIO;
	f = provide_get_kind(stream, PROVIDE_CONSOLE);
	if (!f)
		return -ENXIO;
	if (strcmp(path, terminal) == 0 && console_window(f, &w)) {
		provide_put(f);
		return -ENXIO;
	}
	return provide_duplicate(stream, f, 0, flags & O_CLOEXEC);
}
