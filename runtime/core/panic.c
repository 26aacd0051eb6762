/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * panic.c - messages of the runtime, and its last ones.
 *
 * A backtrace names what is certain and what may be.  The runtime keeps frame
 * pointers, so from its own code the chain of rbp is followed as long as it
 * makes sense.  Code of libc and of Haskell keeps none: after the chain, what
 * looks like return addresses on the stacks is listed with a question mark.
 * halvm-run puts names to the addresses.
 */
#include <stdbool.h>
#include <stdint.h>
#include "arch/cpu.h"
#include "arch/page.h"
#include "arch/percpu.h"
#include "core/panic.h"
#include "core/thread.h"
#include "lib/format.h"
#include "platform.h"

#define LINE_SIZE 160
#define CHAIN_MAX 32
#define SCAN_WORDS 256
#define GUESSES_MAX 16
/* rbp so far above rsp at most is a frame of the same stack. */
#define STACK_SPAN (1UL << 20)

#define OPCODE_CALL 0xe8
#define OPCODE_FF 0xff
#define FF_CALL 2

/* The image's code: link scripts' names. */
extern const char etext[], _start[], halvm_ehdr_start[];

void (*panic_output)(const char *text, size_t n);
void (*status_output)(int status);
enum log_level log_level = LOG_WARNING;
void (*log_output)(const char *text, size_t n);

static void put(const char *text, size_t n)
{
	if (panic_output)
		panic_output(text, n);
	else
		platform_log(text, n);
}

static void put_va(const char *fmt, va_list args)
{
	char line[LINE_SIZE];
	size_t n = format_va(line, sizeof line, fmt, args);

	put(line, n < sizeof line ? n : sizeof line - 1);
}

static __attribute__((__format__(__printf__, 1, 2))) void
put_format(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_va(fmt, args);
	va_end(args);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char line[LINE_SIZE];
	size_t n = sizeof "halvm: " - 1;
	va_list args;

	if (level > log_level)
		return;
	format(line, sizeof line, "halvm: ");
	va_start(args, fmt);
	n += format_va(line + n, sizeof line - 1 - n, fmt, args);
	va_end(args);
	if (n > sizeof line - 2)
		n = sizeof line - 2;
	line[n++] = '\n';
	if (log_output)
		log_output(line, n);
	else
		platform_log(line, n);
}

static bool is_code(uint64_t addr)
{
	return addr > (uint64_t)halvm_ehdr_start && addr < (uint64_t)etext;
}

/* A word of memory, if there is memory; nothing is paged in here. */
static bool peek(uint64_t addr, uint64_t *word)
{
	struct page_mapping m;

	if (addr % 8 || !page_lookup(addr, &m) || !m.prot)
		return false;
	*word = *(const uint64_t *)addr;
	return true;
}

static uint64_t follow_chain(uint64_t frame)
{
	uint64_t last = 0, next, addr;

	for (unsigned i = 0; i < CHAIN_MAX && frame > last; i++) {
		if (!peek(frame, &next) || !peek(frame + 8, &addr) ||
		    !is_code(addr))
			break;
		put_format("  at 0x%lx\n", addr);
		last = frame;
		frame = next;
	}
	return last;
}

/* Whether a call instruction ends at addr: e8 with 32 bits, or ff /2. */
static bool follows_call(uint64_t addr)
{
	const uint8_t *code = (const uint8_t *)addr;

	if (code[-5] == OPCODE_CALL)
		return true;
	for (unsigned n = 2; n <= 7; n++)
		if (code[-(int)n] == OPCODE_FF &&
		    (code[1 - (int)n] >> 3 & 7) == FF_CALL)
			return true;
	return false;
}

/* C's stack: return addresses among what else is there. */
static void scan_stack(uint64_t from)
{
	unsigned found = 0;
	uint64_t word;

	for (unsigned i = 0; i < SCAN_WORDS && found < GUESSES_MAX; i++) {
		if (!peek(from + 8 * i, &word))
			break;
		if (is_code(word) && follows_call(word)) {
			put_format("  at 0x%lx ?\n", word);
			found++;
		}
	}
}

/*
 * Haskell's stack, to which rbp points in Haskell code: each frame begins with
 * the address of code that goes on there.  Where it ends can't be seen; what
 * lies beyond are objects, of which the same kind comes again and again.
 */
static void scan_haskell(uint64_t from)
{
	unsigned found = 0;
	uint64_t word, last = 0;

	for (unsigned i = 0; i < SCAN_WORDS && found < GUESSES_MAX; i++) {
		if (!peek(from + 8 * i, &word) || (found && word == last))
			break;
		if (is_code(word)) {
			put_format("  at 0x%lx ?\n", word);
			found++;
			last = word;
		}
	}
}

static void backtrace(const struct trap_frame *f)
{
	uint64_t last;

	put_format("  at 0x%lx\n", f->rip);
	if (f->rbp - f->rsp < STACK_SPAN) {
		last = follow_chain(f->rbp);
		scan_stack(last ? last + 16 : f->rsp);
	} else {
		scan_stack(f->rsp);
		scan_haskell(f->rbp);
	}
}

static void put_registers(const struct trap_frame *f)
{
	put_format("  rip %016lx rsp %016lx rflags %08lx\n", f->rip, f->rsp,
		   f->rflags);
	put_format("  rax %016lx rbx %016lx rcx %016lx\n", f->rax, f->rbx,
		   f->rcx);
	put_format("  rdx %016lx rsi %016lx rdi %016lx\n", f->rdx, f->rsi,
		   f->rdi);
	put_format("  rbp %016lx r8  %016lx r9  %016lx\n", f->rbp, f->r8,
		   f->r9);
	put_format("  r10 %016lx r11 %016lx r12 %016lx\n", f->r10, f->r11,
		   f->r12);
	put_format("  r13 %016lx r14 %016lx r15 %016lx\n", f->r13, f->r14,
		   f->r15);
}

_Noreturn void panic(const struct trap_frame *frame, const char *fmt, ...)
{
	static uint32_t panicking;
	struct thread *t = thread_current();
	va_list args;

	irq_disable();
	if (__atomic_exchange_n(&panicking, 1, __ATOMIC_ACQUIRE))
		platform_shutdown(SHUTDOWN_PANIC, STATUS_PANIC);
	put_format("halvm: panic: ");
	va_start(args, fmt);
	put_va(fmt, args);
	va_end(args);
	put_format("\n");
	if (t)
		put_format("  thread %d%s%s\n", t->tid, t->name[0] ? " " : "",
			   t->name);
	if (frame) {
		put_registers(frame);
		backtrace(frame);
	} else {
		follow_chain((uint64_t)__builtin_frame_address(0));
	}
	if (status_output)
		status_output(STATUS_PANIC);
	platform_shutdown(SHUTDOWN_PANIC, STATUS_PANIC);
}
