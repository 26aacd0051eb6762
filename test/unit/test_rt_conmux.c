/* SPDX-License-Identifier: BSD-3-Clause */
/* io/conmux.c, conmux_input.c: the framed protocol, and the ring. */
#include "check.h"
#include "core/clock.h"
#include "fake_console.h"
#include "halvm/abi/signal.h"
#include "io/conmux.h"

#define DLE "\x10"

static char got[10000];
static size_t got_room = sizeof(got) - 1;
static char events[200];

static size_t on_data(const char *text, size_t n)
{
	if (n > got_room)
		n = got_room;
	strncat(got, text, n);
	got_room -= n;
	return n;
}

static void on_end(void)
{
	strcat(events, "end ");
}

static void on_signal(int sig)
{
	sprintf(events + strlen(events), "signal %d ", sig);
}

static void on_window(unsigned rows, unsigned columns)
{
	sprintf(events + strlen(events), "window %ux%u ", rows, columns);
}

static const struct conmux_input input = {on_data, on_end, on_signal,
					  on_window};

static void start(bool framed)
{
	fake_room = FAKE_TEXT_MAX;
	fake_sent();
	fake_console.panicking = false;
	conmux_init(&fake_console, framed, true, &input);
	conmux_start();
	got[0] = events[0] = '\0';
	got_room = sizeof(got) - 1;
	fake_resumed = 0;
}

static size_t put(enum conmux_channel channel, const char *text)
{
	return conmux_write(channel, text, strlen(text));
}

static void test_output(void)
{
	start(true);
	check_str(fake_sent(), DLE "V1", "the first words");
	put(CONMUX_STDOUT, "out");
	put(CONMUX_STDERR, "err");
	put(CONMUX_STDERR, "or");
	conmux_log("log\n", 4);
	put(CONMUX_STDOUT, "a" DLE "b");
	check_str(fake_sent(),
		  "out" DLE "eerror" DLE "llog\n" DLE "oa" DLE DLE "b",
		  "channels and escapes");
	start(false);
	put(CONMUX_STDOUT, "a" DLE);
	put(CONMUX_STDERR, "b\n");
	conmux_log("log\n", 4);
	check_str(fake_sent(), "a" DLE "b\nlog\r\n", "not framed");
}

static void test_full(void)
{
	static char text[20000];
	size_t n, more;

	start(true);
	fake_sent();
	memset(text, 'x', sizeof(text));
	fake_room = 0;
	n = conmux_write(CONMUX_STDOUT, text, sizeof(text));
	check(n > 4000 && n < sizeof(text), "a full ring takes some");
	check(conmux_write(CONMUX_STDOUT, text, 1) == 0 && !conmux_has_room() &&
		  !conmux_is_writable(),
	      "and then none");
	check(!conmux_write_all(CONMUX_STDERR, "12", 2), "nor all of two");
	conmux_log("lost\n", 5);
	fake_take(10);
	check(!conmux_is_writable(), "a little room is not enough to wake");
	fake_take(n);
	check(conmux_is_writable() && conmux_is_empty(), "room again");
	check(fake_length == n, "nothing was lost");
	fake_sent();
	fake_room = 0;
	conmux_log("x\n", 2);
	check_str(fake_sent(), "", "no room: the log waits");
	fake_take(1000);
	check_str(fake_sent(), DLE "lhalvm: 5 bytes of the log lost\nx\n",
		  "lost log is told");
	/* All escapes: twice as long. */
	fake_room = 0;
	memset(text, 0x10, sizeof(text));
	n = conmux_write(CONMUX_STDOUT, text, sizeof(text));
	fake_take(FAKE_TEXT_MAX);
	more = fake_length;
	check(more == 2 * n + 2, "escapes are whole");
}

static struct {
	bool done;
	size_t n;
} writer;

static void write_all(void *argument)
{
	static char text[30000];
	size_t done = 0;

	(void)argument;
	memset(text, 'w', sizeof(text));
	while (done < sizeof(text)) {
		done += conmux_write(CONMUX_STDOUT, text + done,
				     sizeof(text) - done);
		if (done < sizeof(text))
			wait_until(&conmux_queue, conmux_has_room(),
				   DEADLINE_NEVER, 0);
	}
	writer.done = true;
	writer.n = done;
	thread_exit(0, 0, 0);
}

static void pause_for(uint64_t ns)
{
	uint64_t end = clock_now() + ns;

	while (thread_sleep(end, 0) == 0)
		;
}

static void test_blocking(void)
{
	start(true);
	fake_sent();
	fake_room = 0;
	host_thread(write_all, NULL);
	for (int i = 0; i < 100 && !writer.done; i++) {
		pause_for(1000000);
		fake_take(500);
	}
	check(writer.done && writer.n == 30000, "a writer waits and goes on");
	fake_take(FAKE_TEXT_MAX / 2);
	check(strspn(fake_text, "w") == 30000, "all bytes came");
}

static void test_input(void)
{
	static const char text[] = "ab" DLE DLE "c" DLE "i" DLE "td" DLE
				   "w00180050" DLE "z" DLE "w0gX" DLE "d";

	start(true);
	check(fake_type(text) == strlen(text), "all is taken");
	check_str(got, "ab" DLE "cdgX", "data");
	check_str(events, "signal 2 signal 15 window 24x80 end ", "commands");
	start(true);
	for (size_t i = 0; i < strlen(text); i++)
		fake_type_n(text + i, 1);
	check_str(got, "ab" DLE "cdgX", "byte by byte");
	check_str(events, "signal 2 signal 15 window 24x80 end ", "too");
	start(false);
	fake_type("a" DLE "i");
	check_str(got, "a" DLE "i", "not framed: all is data");
	check_str(events, "", "no commands");
}

static void test_stall(void)
{
	start(true);
	conmux_resume();
	check(fake_resumed == 0, "nothing to resume");
	got_room = 3;
	check(fake_type("abcd" DLE "i") == 3, "the owner is full");
	got_room = 0;
	check(fake_type("d" DLE "i") == 0, "still");
	conmux_resume();
	check(fake_resumed == 1, "the device is asked again");
	got_room = 1;
	check(fake_type("d" DLE DLE "e") == 2, "up to the escape");
	check(fake_type(DLE "e") == 0, "which waits");
	got_room = 5;
	check(fake_type(DLE "e") == 2, "until there is room");
	check_str(got, "abcd" DLE "e", "in order");
}

static void test_end(void)
{
	start(true);
	fake_sent();
	conmux_exit(7);
	check_str(fake_sent(), DLE "x07", "the status");
	start(true);
	fake_sent();
	fake_room = 0;
	put(CONMUX_STDOUT, "late");
	conmux_exit(255);
	check(clock_now() > 600 * NS_PER_SEC, "a dead device is given up");
	fake_room = 100;
	start(true);
	fake_sent();
	put(CONMUX_STDOUT, "out");
	conmux_panic("halvm: panic\n", 13);
	conmux_panic("more\n", 5);
	conmux_exit(125);
	check_str(fake_sent(),
		  "out" DLE "p" DLE "lhalvm: panic\nmore\n" DLE "x7d",
		  "a panic");
	check(fake_console.panicking, "the driver knows");
}

/* Before interrupts, and on a console that never gets any. */
static void test_early(void)
{
	static char text[20000];

	fake_room = 5;
	fake_sent();
	conmux_init(&fake_console, true, true, &input);
	memset(text, 'e', sizeof(text));
	fake_room = FAKE_TEXT_MAX;
	check(conmux_write(CONMUX_STDOUT, text, sizeof(text)) == sizeof(text),
	      "all goes out before the start");
	conmux_exit(1);
	check(strstr(fake_sent(), DLE "x01"), "with the status");
}

int main(void)
{
	host_threads_start();
	test_output();
	test_full();
	test_blocking();
	test_input();
	test_stall();
	test_end();
	test_early();
	return check_done();
}
