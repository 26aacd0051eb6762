/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console, answered by HaLVM.Bridge.Console.
 */
#include <HsFFI.h>

#include <halvm/bridge.h>

/* Foreign exports. */
extern void halvm_bridge_console_read(void *call, void *to, HsInt n);
extern void halvm_bridge_console_write(void *call, HsInt32 stream,
				       const void *from, HsInt n);
extern void halvm_bridge_console_window(void *call, void *window);
extern void halvm_bridge_console_wait(void *call, HsInt32 stream,
				      HsWord32 events, HsInt64 timeout);

static int console_may_enter(void)
{
	return halvm_bridge_may_enter(HALVM_CONSOLE);
}

static long console_read(void *to, size_t n)
{
	struct halvm_bridge_call call;

	halvm_bridge_enter(&call, HALVM_CONSOLE);
	halvm_bridge_console_read(&call, to, (HsInt)n);
	return halvm_bridge_leave(&call);
}

static long console_write(int stream, const void *from, size_t n)
{
	struct halvm_bridge_call call;

	halvm_bridge_enter(&call, HALVM_CONSOLE);
	halvm_bridge_console_write(&call, stream, from, (HsInt)n);
	return halvm_bridge_leave(&call);
}

static int console_window(struct halvm_window *window)
{
	struct halvm_bridge_call call;

	halvm_bridge_enter(&call, HALVM_CONSOLE);
	halvm_bridge_console_window(&call, window);
	return (int)halvm_bridge_leave(&call);
}

static long console_wait(int stream, unsigned events, int64_t timeout)
{
	struct halvm_bridge_call call;

	halvm_bridge_enter(&call, HALVM_CONSOLE);
	halvm_bridge_console_wait(&call, stream, events, timeout);
	return halvm_bridge_leave(&call);
}

static const struct halvm_console_provider table = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = console_may_enter,
    .read = console_read,
    .write = console_write,
    .window = console_window,
    .wait = console_wait,
};

/* The package's ld-options name it. */
void halvm_bridge_console(void);

__attribute__((constructor)) void halvm_bridge_console(void)
{
	static int done;

	if (done++)
		return;
	halvm_bridge_provided("console", halvm_provide_console(&table));
}
