/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * count.c - a plugin of QEMU's emulator (TCG) that counts a guest's
 * instructions and says how many there were when given addresses were reached.
 *
 *   -plugin count.so,out=FILE[,at=NAME:ADDRESS]...[,after=NAME]
 *           [,range=LOW:HIGH][,count=on|off]
 *
 * FILE gets one line an address when the guest ends, blanks between:
 *
 *   NAME FIRST LAST TIMES FIRST-SECONDS LAST-SECONDS
 *
 * FIRST and LAST are the numbers of instructions executed before the address
 * was executed for the first and the last time (0 and 0 TIMES: never), the
 * seconds those of the host's clock since the machine was made.  A last line of
 * the same form has the name `end`.  With count=off nothing is counted and the
 * guest runs at its full speed, to measure the seconds.
 *
 * With after=NAME all marks forget what they were each time that one is
 * reached: what a loader ran at the same addresses, before it started the
 * program, goes. With range= only instructions at LOW <= address < HIGH are
 * counted: those of one program in a machine that runs several.
 *
 * Addresses are virtual ones, at most 16.  Counts are exact for one CPU.  An
 * instruction that faults counts each time it is tried.
 *
 * QEMU's header isn't packaged everywhere, so what is used of it is declared
 * here; the source of the facts is QEMU's documentation, "TCG Plugins", API
 * version 1 (QEMU 4.2 to 8.2 load it).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { op_add_u64 = 0 };
enum { flags_no_registers = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
					   void (*fn)(plugin_id,
						      struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						int op, void *counter,
						uint64_t add);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*fn)(unsigned, void *),
					    int flags, void *argument);
void qemu_plugin_register_atexit_cb(plugin_id id, void (*fn)(plugin_id, void *),
				    void *argument);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int
qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

struct mark {
	char name[32];
	uint64_t address, first, last, times;
	double first_time, last_time;
};

static struct mark marks[16], end = {.name = "end"};
static size_t mark_count;
static const struct mark *after;
static uint64_t instructions, low, high = UINT64_MAX;
static bool counting = true;
static double start;
static FILE *out;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void reached(unsigned cpu, void *argument)
{
	struct mark *m = argument;
	double time = now() - start;

	(void)cpu;
	if (m == after)
		for (size_t k = 0; k < mark_count; k++)
			marks[k].times = marks[k].first = marks[k].last = 0;
	if (m->times++ == 0) {
		m->first = instructions;
		m->first_time = time;
	}
	m->last = instructions;
	m->last_time = time;
}

/* The mark's callback stands before the count of its own instruction. */
static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		for (size_t k = 0; k < mark_count; k++)
			if (marks[k].address == address)
				qemu_plugin_register_vcpu_insn_exec_cb(
				    insn, reached, flags_no_registers,
				    &marks[k]);
		if (counting && address >= low && address < high)
			qemu_plugin_register_vcpu_insn_exec_inline(
			    insn, op_add_u64, &instructions, 1);
	}
}

static void print(const struct mark *m)
{
	fprintf(out, "%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %.6f %.6f\n",
		m->name, m->first, m->last, m->times, m->first_time,
		m->last_time);
}

static void finished(plugin_id id, void *argument)
{
	(void)id;
	(void)argument;
	reached(0, &end);
	for (size_t k = 0; k < mark_count; k++)
		print(&marks[k]);
	print(&end);
	fclose(out);
}

/* mark_add TEXT: "NAME:ADDRESS" */
static bool mark_add(const char *text)
{
	const char *colon = strchr(text, ':');
	struct mark *m = &marks[mark_count];
	char *rest;

	if (!colon || mark_count == sizeof marks / sizeof marks[0] ||
	    (size_t)(colon - text) >= sizeof m->name)
		return false;
	memcpy(m->name, text, (size_t)(colon - text));
	m->address = strtoull(colon + 1, &rest, 0);
	mark_count++;
	return rest != colon + 1 && *rest == '\0';
}

/* after_set NAME: one of the marks before it */
static bool after_set(const char *name)
{
	for (size_t k = 0; k < mark_count; k++)
		if (!strcmp(marks[k].name, name))
			after = &marks[k];
	return after != NULL;
}

/* range_set TEXT: "LOW:HIGH" */
static bool range_set(const char *text)
{
	char *rest;

	low = strtoull(text, &rest, 0);
	if (rest == text || *rest != ':')
		return false;
	text = rest + 1;
	high = strtoull(text, &rest, 0);
	return rest != text && *rest == '\0' && low < high;
}

static bool argument(const char *text)
{
	if (!strncmp(text, "out=", 4))
		return (out = fopen(text + 4, "w")) != NULL;
	if (!strncmp(text, "at=", 3))
		return mark_add(text + 3);
	if (!strncmp(text, "after=", 6))
		return after_set(text + 6);
	if (!strncmp(text, "range=", 6))
		return range_set(text + 6);
	counting = strcmp(text, "count=off") != 0;
	return !counting || !strcmp(text, "count=on");
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!argument(argv[i])) {
			fprintf(stderr, "count.so: wrong argument: %s\n",
				argv[i]);
			return 1;
		}
	}
	if (!out) {
		fprintf(stderr, "count.so: out=FILE is needed, and writable\n");
		return 1;
	}
	start = now();
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, finished, NULL);
	return 0;
}
