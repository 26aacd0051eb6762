/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * options.c - parsing of the guest's command line.
 *
 * First the words are cut out, unquoted, one behind the other into one buffer
 * (no longer than the line); then they are counted, and then sorted into
 * arrays of the right size.
 */
#include "boot/options.h"

#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "lib/format.h"
#include "lib/string.h"

#define PREFIX "halvm."
#define DEFAULT_ARGV0 "program"
/* Linux's limit, and so that a terminal's size fits struct winsize. */
#define TTY_SIZE_MAX 65535

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Cuts the word at *line, which is not blank, into `to`; returns its end. */
static char *cut_word(const char **line, char *to)
{
	const char *p = *line;
	bool quoted = false;

	for (; *p && (quoted || !is_blank(*p)); p++) {
		if (*p == '"') {
			quoted = !quoted;
			continue;
		}
		if (*p == '\\' && p[1])
			p++;
		*to++ = *p;
	}
	*to++ = '\0';
	*line = p;
	return to;
}

/* All words into buf, each with its NUL; returns how many. */
static unsigned cut_words(const char *line, char *buf)
{
	unsigned count = 0;

	for (;;) {
		while (is_blank(*line))
			line++;
		if (!*line)
			return count;
		buf = cut_word(&line, buf);
		count++;
	}
}

/* The value of a word `halvm.<name>=value`, or NULL. */
static const char *value_of(const char *word, const char *name)
{
	size_t n = strlen(name);

	word += sizeof(PREFIX) - 1;
	if (strncmp(word, name, n) != 0 || word[n] != '=')
		return NULL;
	return word + n + 1;
}

/* The place of value in the names, -1 if it isn't one of them. */
static int choice(const char *value, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(value, names[i]) == 0)
			return i;
	return -1;
}

/* A whole word that is a number of at most max. */
static bool whole_number(const char *text, uint64_t max, uint64_t *value)
{
	return parse_number(&text, 0, value) && !*text && *value <= max;
}

static bool parse_tty_size(const char *text, struct boot_options *o)
{
	uint64_t rows, columns;

	if (!parse_number(&text, 10, &rows) || *text++ != 'x' ||
	    !parse_number(&text, 10, &columns) || *text ||
	    rows > TTY_SIZE_MAX || columns > TTY_SIZE_MAX)
		return false;
	o->rows = (unsigned)rows;
	o->columns = (unsigned)columns;
	return true;
}

/* SIZE@BASE:IRQ, each decimal or 0x..., as Linux's virtio_mmio.device=. */
static bool parse_mmio(const char *text, struct bus_device *device)
{
	uint64_t size, base, irq;

	if (!parse_number(&text, 0, &size) || *text++ != '@' ||
	    !parse_number(&text, 0, &base) || *text++ != ':' ||
	    !parse_number(&text, 0, &irq) || *text || size == 0 ||
	    base > UINT64_MAX - size || irq > UINT32_MAX)
		return false;
	*device = (struct bus_device){BUS_MMIO, base, size, (unsigned)irq};
	return true;
}

/* Streams, console, log: options that choose one of some words. */
static bool take_choice(const char *word, struct boot_options *o)
{
	static const char *const streams[] = {"stdin", "stdout", "stderr"};
	static const char *const kinds[] = {"tty", "pipe", "closed", NULL};
	static const char *const consoles[] = {"serial0", "virtio0", NULL};
	static const char *const levels[] = {"error", "warning", "info",
					     "debug", NULL};
	const char *value;
	int n;

	for (unsigned i = 0; i < 3; i++) {
		value = value_of(word, streams[i]);
		if (!value)
			continue;
		n = choice(value, kinds);
		o->is_pipe[i] = n > 0;
		o->is_closed[i] = n == 2;
		return n >= 0;
	}
	value = value_of(word, "console");
	if (value) {
		n = choice(value, consoles);
		o->console = (enum console_choice)(CONSOLE_AUTO + 1 + n);
		return n >= 0;
	}
	value = value_of(word, "log");
	if (value) {
		n = choice(value, levels);
		if (n >= 0)
			o->log_level = (enum log_level)n;
		return n >= 0;
	}
	return false;
}

static bool take_value(const char *word, struct boot_options *o)
{
	const char *value;
	uint64_t number;

	if ((value = value_of(word, "argv0")))
		o->arguments[0] = (char *)value;
	else if ((value = value_of(word, "host")))
		o->host_name = value;
	else if ((value = value_of(word, "cwd")))
		o->cwd = value;
	else if ((value = value_of(word, "tty-size")))
		return parse_tty_size(value, o);
	else if ((value = value_of(word, "framed"))) {
		if (!whole_number(value, 1, &number))
			return false;
		o->framed = number;
	} else if ((value = value_of(word, "debug-exit"))) {
		if (!whole_number(value, UINT16_MAX, &number))
			return false;
		o->debug_exit = (uint16_t)number;
	} else
		return false;
	return true;
}

/* One word before `--`. */
static void take_option(char *word, struct boot_options *o)
{
	const char *value;
	bool good;

	if (strncmp(word, PREFIX, sizeof(PREFIX) - 1) != 0)
		return;
	value = value_of(word, "env");
	if (value) {
		good = *value != '=' && strchr(value, '=');
		if (good)
			o->environment[o->environment_count++] = (char *)value;
	} else if ((value = value_of(word, "virtio-mmio"))) {
		good = parse_mmio(value, &o->virtio_mmio[o->virtio_mmio_count]);
		o->virtio_mmio_count += good;
	} else
		good = take_value(word, o) || take_choice(word, o);
	if (!good)
		o->bad[o->bad_count++] = word;
}

/* Room for all that the words can hold; one block, o->arguments first. */
static int allocate(struct boot_options *o, unsigned options,
		    unsigned arguments)
{
	size_t pointers = (size_t)options * 2 + arguments + 4;

	o->arguments = heap_zalloc(pointers * sizeof(char *));
	if (!o->arguments)
		return -ENOMEM;
	o->environment = o->arguments + arguments + 2;
	o->bad = o->environment + options + 1;
	o->virtio_mmio = NULL;
	return 0;
}

static unsigned count_mmio(const char *words, unsigned count)
{
	unsigned n = 0;

	for (; count; count--, words += strlen(words) + 1)
		if (strncmp(words, PREFIX, sizeof(PREFIX) - 1) == 0 &&
		    value_of(words, "virtio-mmio"))
			n++;
	return n;
}

int boot_options_parse(const char *line, struct boot_options *o)
{
	size_t size = strlen(line) + 2;
	char *words = heap_alloc(size), *word;
	unsigned count, before, mmio;

	*o = (struct boot_options){.log_level = LOG_WARNING};
	if (!words)
		return -ENOMEM;
	count = cut_words(line, words);
	word = words;
	for (before = 0; before < count && strcmp(word, "--") != 0; before++)
		word += strlen(word) + 1;
	mmio = count_mmio(words, before);
	if (allocate(o, before, count - before) != 0 ||
	    (mmio && !(o->virtio_mmio =
			   heap_alloc(mmio * sizeof(struct bus_device))))) {
		heap_free(o->arguments);
		heap_free(words);
		*o = (struct boot_options){.log_level = LOG_WARNING};
		return -ENOMEM;
	}
	o->words = words;
	o->arguments[0] = (char *)DEFAULT_ARGV0;
	o->argument_count = 1;
	word = words;
	for (unsigned i = 0; i < count; i++, word += strlen(word) + 1) {
		if (i < before)
			take_option(word, o);
		else if (i > before)
			o->arguments[o->argument_count++] = word;
	}
	return 0;
}

void boot_options_report(const struct boot_options *o)
{
	for (unsigned i = 0; i < o->bad_count; i++)
		log_line(LOG_WARNING, "command line: not understood: %s",
			 o->bad[i]);
}

void boot_options_free(struct boot_options *o)
{
	heap_free(o->virtio_mmio);
	heap_free(o->arguments);
	heap_free(o->words);
	*o = (struct boot_options){0};
}
