/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of what a VMware host says: the first byte chooses,
 *
 *	even	the answers at the backdoor, registers and all: whatever they
 *		are, a request ends and a value is a string within its bounds
 *	odd	four texts, each ended by a NUL: the command line, and
 *		guestinfo's options, environment and arguments
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arch/vmware.h"
#include "boot/command_line.h"
#include "boot/options.h"
#include "core/heap.h"
#include "dev/vmware/guestinfo.h"
#include "dev/vmware/rpci.h"

/* One request of the longest and its reply, eight times over. */
#define STEPS_MAX (8 * (RPCI_REQUEST_MAX / 2 + 100))

static const uint8_t *answers;
static size_t answers_left;
static unsigned steps;

static uint32_t next_bytes(unsigned n)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < n && answers_left; i++) {
		value |= (uint32_t)*answers++ << 8 * i;
		answers_left--;
	}
	return value;
}

/*
 * A step is answered by what it should be, but for what the input says in a
 * byte of flags.  Without more input all goes well for ever.
 */
void port_exchange(struct port_registers *r)
{
	static const uint8_t types[] = {0, 0, 0, 1, 2, 0, 0};
	unsigned step = r->ecx >> 16;
	uint32_t flags = next_bytes(1), status = 3;

	if (++steps > STEPS_MAX || r->eax != VMWARE_MAGIC)
		abort();
	if (flags & 1)
		status = next_bytes(2);
	r->edx = (r->edx & 0xffff) |
		 (flags & 2 ? next_bytes(2) : types[step % 7]) << 16;
	r->ebx = flags & 4 ? next_bytes(4) : flags & 8 ? next_bytes(1) : 0x2031;
	if (flags & 16)
		r->esi = next_bytes(4);
	r->ecx = (r->ecx & 0xffff) | status << 16;
}

static void run_answers(const uint8_t *data, size_t size)
{
	char *value, small[8];
	long n;

	answers = data;
	answers_left = size;
	steps = 0;
	rpci_present();
	if (guestinfo_get("args", &value) && value)
		abort();
	if (value && strlen(value) > GUESTINFO_MAX)
		abort();
	heap_free(value);
	steps = 0;
	guestinfo_set("exit-status", "0");
	n = rpci_call("x", 1, small, sizeof small);
	if (n > (long)sizeof small)
		abort();
	rpci_log("some\ntext", 9);
}

/* The next text, a copy of its own. */
static char *next_text(const uint8_t **data, size_t *size)
{
	size_t n = 0;
	char *text;

	while (n < *size && (*data)[n])
		n++;
	text = malloc(n + 1);
	if (!text)
		abort();
	memcpy(text, *data, n);
	text[n] = '\0';
	*data += n;
	*size -= n;
	if (*size) {
		++*data;
		--*size;
	}
	return text;
}

static void parse(const char *line, struct boot_options *o)
{
	if (boot_options_parse(line, o) != 0)
		abort();
}

static bool same_arguments(const struct boot_options *a,
			   const struct boot_options *b)
{
	if (a->argument_count != b->argument_count)
		return false;
	for (unsigned i = 1; i < a->argument_count; i++)
		if (strcmp(a->arguments[i], b->arguments[i]) != 0)
			return false;
	return true;
}

/* Of each part there is in the whole what it is when it is alone. */
static void run_texts(const uint8_t *data, size_t size)
{
	char *text[4], *whole, *alone;
	struct command_line_more more = {0}, only = {0};
	struct boot_options all, base, part;

	for (unsigned i = 0; i < 4; i++)
		text[i] = next_text(&data, &size);
	more.options = text[1];
	more.environment = text[2];
	only.arguments = more.arguments = text[3];
	whole = command_line_join(text[0], &more);
	alone = command_line_join("", &only);
	if (!whole || !alone)
		abort();
	parse(whole, &all);
	parse(text[0], &base);
	parse(alone, &part);
	if (!same_arguments(&all, part.argument_count > 1 ? &part : &base))
		abort();
	if (all.environment_count < base.environment_count)
		abort();
	boot_options_free(&all);
	boot_options_free(&base);
	boot_options_free(&part);
	heap_free(whole);
	heap_free(alone);
	for (unsigned i = 0; i < 4; i++)
		free(text[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & 1)
		run_texts(data + 1, size - 1);
	else
		run_answers(data + 1, size - 1);
	return 0;
}
