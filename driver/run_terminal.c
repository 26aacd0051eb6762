/* SPDX-License-Identifier: BSD-3-Clause */
/* The terminal's settings: see run.h. */
#include "config.h"
#include "run.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static bool changed;

void run_terminal_restore(void)
{
	sigset_t ttou, old;

	if (!changed)
		return;
	changed = false;
	/* In the background by now, the call would stop us. */
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &old);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

bool run_terminal_raw(void)
{
	static bool registered;
	struct termios raw;

	if (changed)
		return true;
	if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
	    tcgetattr(STDIN_FILENO, &before) < 0)
		return false;
	raw = before;
	raw.c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | IGNBRK | IGNCR | INLCR |
				    INPCK | ISTRIP | IXOFF | IXON | PARMRK);
	raw.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	/* The guest's line discipline has done that, too. */
	raw.c_oflag &= (tcflag_t)~OPOST;
	if (!registered)
		atexit(run_terminal_restore);
	registered = true;
	changed = true;
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) < 0)
		changed = false;
	return changed;
}

bool run_terminal_size(unsigned *rows, unsigned *columns)
{
	struct winsize size;

	for (int fd = 0; fd < 3; fd++) {
		if (ioctl(fd, TIOCGWINSZ, &size) < 0 || !size.ws_row ||
		    !size.ws_col)
			continue;
		*rows = size.ws_row;
		*columns = size.ws_col;
		return true;
	}
	*rows = *columns = 0;
	return false;
}
