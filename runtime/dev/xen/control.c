/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * control.c - control/shutdown (xenstore-paths.pandoc of Xen's docs/misc).
 *
 * A request is read and, so that the tools can still take it back, emptied in
 * one transaction.  All is done in callbacks, one step after the other, with
 * one message to xenstored under way at a time.
 */
#include "dev/xen/control.h"

#include "arch/cpu.h"
#include "core/clock.h"
#include "core/panic.h"
#include "core/timer.h"
#include "dev/xen/event.h"
#include "dev/xen/grant.h"
#include "dev/xen/store.h"
#include "dev/xen/xen_console.h"
#include "lib/format.h"
#include "lib/string.h"
#include "platform.h"

#define PATH "control/shutdown"
#define STATUS_PATH "data/halvm/exit-status"
#define STATUS_MAX (5 * NS_PER_SEC)

enum step { IDLE, LOOK, BEGIN, READ, EMPTY, COMMIT, GIVE_UP };

static void end_domain(void);
static void end_and_restart(void);
static void begin_suspend(void);

static const struct command {
	const char *name;
	void (*obey)(void);
} commands[] = {
    {"poweroff", end_domain},
    {"halt", end_domain},
    {"reboot", end_and_restart},
    {"suspend", begin_suspend},
};
#define COMMANDS (sizeof(commands) / sizeof(*commands))

static const char *const features[] = {
    "control/feature-poweroff",
    "control/feature-reboot",
    "control/feature-suspend",
};
#define FEATURES (sizeof(features) / sizeof(*features))

static struct {
	void (*end)(void);
	struct xenstore_watch watch;
	struct xenstore_request feature[FEATURES];
	struct xenstore_request request;
	enum step step;
	bool again; /* it has changed meanwhile */
	uint32_t tx;
	char reply[32];
	const struct command *command;
	struct timer suspend;
} control;

static void next(struct xenstore_request *r);

static void ask(enum step step, unsigned type, uint32_t tx)
{
	struct xenstore_request *r = &control.request;

	control.step = step;
	*r = (struct xenstore_request){.type = type,
				       .tx_id = tx,
				       .reply = control.reply,
				       .reply_size = sizeof(control.reply),
				       .done = next};
	switch (step) {
	case BEGIN:
		xenstore_string(r, 0, "");
		break;
	case COMMIT:
	case GIVE_UP:
		xenstore_string(r, 0, step == COMMIT ? "T" : "F");
		break;
	default: /* with EMPTY, an empty value follows */
		xenstore_string(r, 0, PATH);
	}
	xenstore_submit(r);
}

static void look(void)
{
	control.again = false;
	ask(LOOK, XS_READ, 0);
}

static void idle(void)
{
	control.step = IDLE;
	if (control.again)
		look();
}

static const struct command *find_command(const char *name)
{
	for (unsigned i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* What can't be obeyed is left as it is: the tools see that, and say so. */
static void looked(int error)
{
	if (error == -ENOENT || (!error && !control.reply[0])) {
		idle();
		return;
	}
	if (error || !find_command(control.reply)) {
		log_line(LOG_WARNING, "xen: " PATH " isn't understood: %s",
			 error ? "an error" : control.reply);
		idle();
		return;
	}
	ask(BEGIN, XS_TRANSACTION_START, 0);
}

static bool begun(void)
{
	const char *at = control.reply;
	uint64_t id;

	if (!parse_number(&at, 10, &id) || *at || id == 0 || id > UINT32_MAX)
		return false;
	control.tx = (uint32_t)id;
	return true;
}

static void failed(const char *what, int error)
{
	log_line(LOG_ERROR, "xen: " PATH ": %s: error %d", what, -error);
	idle();
}

static void committed(int error)
{
	if (error == -EAGAIN) {
		look();
		return;
	}
	if (error) {
		failed("not acknowledged", error);
		return;
	}
	control.command->obey();
	idle();
}

/* An answer has come. */
static void next(struct xenstore_request *r)
{
	switch (control.step) {
	case IDLE:
		break;
	case LOOK:
		looked(r->error);
		break;
	case BEGIN:
		if (r->error || !begun())
			failed("no transaction", r->error);
		else
			ask(READ, XS_READ, control.tx);
		break;
	case READ:
		control.command = r->error ? NULL : find_command(control.reply);
		if (control.command)
			ask(EMPTY, XS_WRITE, control.tx);
		else /* taken back */
			ask(GIVE_UP, XS_TRANSACTION_END, control.tx);
		break;
	case EMPTY:
		ask(r->error ? GIVE_UP : COMMIT, XS_TRANSACTION_END,
		    control.tx);
		break;
	case COMMIT:
		committed(r->error);
		break;
	case GIVE_UP:
		idle();
		break;
	}
}

static void changed(struct xenstore_watch *w, const char *path)
{
	(void)w;
	(void)path;
	if (control.step == IDLE)
		look();
	else
		control.again = true;
}

/* --- Obeying --- */

static void end_domain(void)
{
	control.end();
}

static void end_and_restart(void)
{
	xen_reboot_at_exit();
	control.end();
}

static void tell_features(void)
{
	for (unsigned i = 0; i < FEATURES; i++) {
		struct xenstore_request *r = &control.feature[i];

		*r = (struct xenstore_request){.type = XS_WRITE};
		xenstore_string(r, 0, features[i]);
		r->piece[1] = (struct xenstore_piece){"1", 1};
		xenstore_submit(r);
	}
}

/* In the new domain, after Xen let us go on. */
static void resume(uint64_t wall_before)
{
	/* Set by the program or not, the wall clock stood still. */
	clock_set_wall(clock_wall() + platform_wall_offset() - wall_before);
	xen_event_resume();
	xen_grant_resume();
	xenstore_resume();
	xen_console_resume();
	tell_features();
}

/*
 * A timer's function, since nothing of xenstore's is under way here.  With
 * interrupts off nobody else runs meanwhile, and no lock is held.
 */
static void suspend(struct timer *t)
{
	uint64_t wall_before = platform_wall_offset();
	int error;

	(void)t;
	error = xen_grant_suspend();
	if (!error)
		error = xenstore_suspend();
	if (!error) {
		xen_console_suspend();
		error = xen_suspend();
		if (error == 0)
			resume(wall_before);
	}
	if (error < 0)
		log_line(LOG_ERROR, "xen: not suspended: error %d", -error);
}

static void begin_suspend(void)
{
	timer_arm(&control.suspend, clock_now());
}

void xen_control_start(void (*end)(void))
{
	control.end = end;
	control.suspend.fire = suspend;
	control.watch.path = PATH;
	control.watch.changed = changed;
	tell_features();
	xenstore_watch_soon(&control.watch);
}

void xen_control_tell_status(int status)
{
	char text[16];
	struct xenstore_request r = {.type = XS_WRITE};
	size_t n = format(text, sizeof(text), "%d", status);

	if (!irq_enabled()) {
		xenstore_panic_write(STATUS_PATH, text, n);
		return;
	}
	xenstore_string(&r, 0, STATUS_PATH);
	r.piece[1] = (struct xenstore_piece){text, n};
	xenstore_call(&r, STATUS_MAX);
}
