/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * dev/vmware/rpci.c and guestinfo.c against a host that keeps the protocol,
 * and against others.
 */
#include "check.h"
#include "vmware_host.h"

#include "core/heap.h"
#include "dev/vmware/guestinfo.h"
#include "dev/vmware/rpci.h"
#include "halvm/abi/errno.h"
#include "host.h"

static char *value;

static int get(const char *name)
{
	return guestinfo_get(name, &value);
}

static void forget(void)
{
	heap_free(value);
	value = NULL;
}

static bool balanced(void)
{
	return host.opened == host.closed && !host.protocol_errors;
}

static void test_get(void)
{
	static char text[64];

	/* All remainders of the pieces of 4 bytes. */
	for (unsigned n = 0; n < 9; n++) {
		host_reset();
		snprintf(text, sizeof text, "%.*s", (int)n, "abcdefghi");
		host_variable("guestinfo.halvm.args", text);
		check(get("args") == 0 && value && !strcmp(value, text),
		      "a value of %u bytes", n);
		check(balanced(), "channels are closed");
		forget();
	}
	check(get("env") == 0 && !value, "one that isn't there");
	host_reset();
	host.no_cookies = true;
	host_variable("guestinfo.halvm.args", "old");
	check(get("args") == 0 && value && !strcmp(value, "old") && balanced(),
	      "a host without cookies");
	forget();
	host_reset();
	host_variable("guestinfo.halvm.args", "a\0b");
	host.variable[0].size = 3;
	check(get("args") == 0 && !strcmp(value, "a"), "a NUL ends the value");
	forget();
	check(get("a-name-of-more-than-sixty-four-characters-is-not-sent-at-all"
		  "-----------") == -EMSGSIZE,
	      "a long name");
}

static void test_large(void)
{
	char *large = malloc(GUESTINFO_MAX + 2);

	memset(large, 'x', GUESTINFO_MAX + 1);
	large[GUESTINFO_MAX + 1] = '\0';
	host_reset();
	host_variable("guestinfo.halvm.args", large + 1);
	check(get("args") == 0 && strlen(value) == GUESTINFO_MAX,
	      "the longest value");
	forget();
	host_reset();
	host_variable("guestinfo.halvm.args", large);
	check(get("args") == -EMSGSIZE && !value && balanced(),
	      "one that is longer");
	free(large);
	host_reset();
	host_variable("guestinfo.halvm.args", "x");
	host.huge = UINT32_MAX;
	check(get("args") == -EMSGSIZE && balanced(), "a size of 4 GiB");
	host.huge = 60000;
	check(get("args") == 0 && strlen(value) == 59998 && balanced(),
	      "more than there is: what the host sends");
	forget();
	check(rpci_call("", RPCI_REQUEST_MAX + 1, NULL, 0) == -EMSGSIZE,
	      "a request that is too long isn't sent");
}

static void test_set(void)
{
	host_reset();
	check(guestinfo_set("exit-status", "42") == 0, "set");
	check_str(host.set_name, "guestinfo.halvm.exit-status", "name");
	check_str(host.set_value, "42", "value");
	host.refuse_set = true;
	check(guestinfo_set("exit-status", "1") == -EIO, "refused");
	check(balanced(), "channels are closed");
	host_reset();
	host.huge = 100;
	check(guestinfo_set("exit-status", "1") == -EMSGSIZE && balanced(),
	      "a reply that is longer than it can be");
}

static void test_log(void)
{
	char large[400];

	host_reset();
	rpci_log("one\ntwo\n\nthree", 14);
	check_str(host.log, "one\ntwo\nthree\n", "lines of the log");
	host_reset();
	memset(large, 'y', sizeof large);
	rpci_log(large, sizeof large);
	check(strlen(host.log) == sizeof large + 3, "a long one is cut");
	check(balanced(), "channels are closed");
	host_reset();
	host.no_rpci = true;
	rpci_log("a\nb\nc\n", 6);
	check(host.steps == 2, "nobody listens: given up at once");
}

static void test_absent(void)
{
	host_reset();
	check(vmware_answers() && rpci_present() && balanced(), "VMware");
	host.no_rpci = true;
	check(vmware_answers() && !rpci_present(), "a backdoor without RPCI");
	check(get("args") == -ENODEV && guestinfo_set("x", "1") == -ENODEV,
	      "no channel");
	host_reset();
	host.absent = true;
	check(!vmware_answers() && !rpci_present() && host.steps == 0,
	      "another machine");
	check(get("args") == -ENODEV, "no backdoor, no channel");
}

/* Whatever fails, there is an error, and the channel is closed. */
static void test_failures(void)
{
	bool good = true;
	unsigned last;

	host_reset();
	host_variable("guestinfo.halvm.args", "a b c");
	get("args");
	forget();
	last = host.steps;
	check(last > 10, "a request has %u steps", last);
	for (unsigned n = 2; n < last; n++) {
		host_reset();
		host_variable("guestinfo.halvm.args", "a b c");
		host.fail_at = n;
		good = good && get("args") == -EIO && !value && balanced();
	}
	check(good, "a step that fails");
	for (unsigned n = 2; n < last; n++) {
		host_reset();
		host_variable("guestinfo.halvm.args", "a b c");
		host.checkpoint = n;
		good = good && get("args") == 0 && value &&
		       !strcmp(value, "a b c") && balanced();
		forget();
	}
	check(good, "a checkpoint at each step: begun anew");
	host_reset();
	host.checkpoint_always = true;
	check(get("args") == -EIO && balanced() && host.steps < 100,
	      "checkpoints without end");
	host_reset();
	host.wrong_type = true;
	check(get("args") == -EIO && balanced(), "something else comes");
	host_reset();
	host.no_message = true;
	check(get("args") == -EIO && balanced(), "nothing comes");
	host_reset();
	host_variable("guestinfo.halvm.args", "abc");
	host_heap_limit = 0;
	check(get("args") == -ENOMEM && !value, "no memory");
	host_heap_limit = 1;
	check(get("args") == -ENOMEM && !value && balanced(),
	      "no memory for the value");
	host_heap_limit = -1;
	check(host_heap_objects == 0, "none is lost");
}

int main(void)
{
	test_get();
	test_large();
	test_set();
	test_log();
	test_absent();
	test_failures();
	host_reset();
	return check_done();
}
