/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/records.c and driver/queue.c: the stream to a test bed. */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>

#include "check.h"
#include "records.h"
#include "util.h"

struct heard {
	struct records *r;
	char text[256];
	size_t n;
};

/* `T:data` of a piece, and a `.` at the end of a record. */
static void hear(void *arg, char type, const char *data, size_t n, bool end)
{
	struct heard *h = arg;

	h->n +=
	    (size_t)snprintf(h->text + h->n, sizeof(h->text) - h->n,
			     "%c:%.*s%s ", type, (int)n, data, end ? "." : "");
}

static void test_decode(void)
{
	struct queue q = {0};
	struct records r = {.types = "OEX"};
	struct heard h = {.n = 0};

	records_add(&q, 'O', "hello", 5);
	records_add(&q, 'E', "", 0);
	records_add_text(&q, 'X', "%d", 42);
	records_decode(&r, q.data, queue_left(&q), hear, &h);
	check_str(h.text, "O:hello. E:. X:42. ", "records in one piece");
	h = (struct heard){.n = 0};
	for (size_t i = 0; i < queue_left(&q); i++)
		records_decode(&r, q.data + i, 1, hear, &h);
	check_str(h.text, "O:h O:e O:l O:l O:o. E:. X:4 X:2. ",
		  "and byte by byte");
	h = (struct heard){.n = 0};
	records_decode(&r, "Y\1\0\0\0yO", 7, hear, &h);
	check(r.broken && h.n == 0, "a type that may not come");
	records_decode(&r, q.data, queue_left(&q), hear, &h);
	check(h.n == 0, "nothing comes after it");
	records_free(&r);
	records_decode(&r, "\0\1\0\0\0y", 6, hear, &h);
	check(r.broken, "a type that is NUL");
	records_free(&r);
	queue_free(&q);
}

static void test_text(void)
{
	struct records r = {.types = "Q"};
	static char much[RECORDS_TEXT_MAX + 1];
	const char *text;

	check(!records_text(&r, "ab", 2, false), "not the end");
	text = records_text(&r, "c", 1, true);
	check(text && strcmp(text, "abc") == 0, "a text in two pieces");
	text = records_text(&r, "", 0, true);
	check(text && !*text, "an empty one");
	check(!records_text(&r, "a\0b", 3, true) && r.broken, "a NUL in it");
	records_free(&r);
	memset(much, 'x', sizeof(much));
	check(records_text(&r, much, sizeof(much) - 1, true) && !r.broken,
	      "the longest");
	check(!records_text(&r, much, sizeof(much), true) && r.broken,
	      "one that is longer");
	records_free(&r);
}

static void value_is(const char *text, const char *key, const char *want)
{
	char *got = records_value(text, key);

	check(want ? got && strcmp(got, want) == 0 : !got, "%s is %s", key,
	      want ? want : "not there");
	free(got);
}

static void test_values(void)
{
	value_is("a=1\nb=2\n", "a", "1");
	value_is("a=1\nb=2", "b", "2");
	value_is("a=1\nb=2", "c", NULL);
	value_is("aa=1\na=2", "a", "2");
	value_is("a=", "a", "");
	value_is("\n\na=x=y\n", "a", "x=y");
	value_is("", "a", NULL);
}

static size_t find(const char *want, const char *text, size_t step)
{
	size_t seen = 0, len = strlen(text);

	for (size_t i = 0; i < len; i += step) {
		size_t n = len - i < step ? len - i : step;
		size_t at =
		    records_find(want, strlen(want), &seen, text + i, n);
		if (at)
			return i + at;
	}
	return 0;
}

static void test_find(void)
{
	static const struct {
		const char *want, *text;
	} rows[] = {{"abc", "xxabcabc"}, {"aab", "aaaab"}, {"abab", "abaabab"},
		    {"abc", "ababab"},	 {"a", "ba"},	   {"HH1", "HHH1x"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *at = strstr(rows[i].text, rows[i].want);
		size_t end =
		    at ? (size_t)(at - rows[i].text) + strlen(rows[i].want) : 0;
		bool good = true;
		for (size_t step = 1; step < 9; step++)
			good = good &&
			       find(rows[i].want, rows[i].text, step) == end;
		check(good, "%s in %s", rows[i].want, rows[i].text);
	}
}

static void test_queue(void)
{
	struct queue q = {0};
	char data[5000], back[5000];
	int fd[2];
	size_t n = 0;
	bool good = true;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7);
	check(pipe2(fd, O_NONBLOCK) == 0, "a pipe");
	queue_add(&q, data, 3000);
	good = queue_write(&q, fd[1]);
	n += (size_t)read(fd[0], back, sizeof(back));
	queue_add(&q, data + 3000, 2000);
	while (queue_left(&q) > 0 && good) {
		good = queue_write(&q, fd[1]);
		n += (size_t)read(fd[0], back + n, sizeof(back) - n);
	}
	check(good && n == sizeof(data) && memcmp(data, back, n) == 0,
	      "bytes come out as they went in");
	for (size_t i = 0; i < 100; i++)
		queue_add(&q, data, sizeof(data));
	for (int i = 0; good && i < 100; i++)
		good = queue_write(&q, fd[1]);
	n = queue_left(&q);
	check(good && queue_write(&q, fd[1]) && queue_left(&q) <= n,
	      "a full pipe is no error");
	signal(SIGPIPE, SIG_IGN);
	close(fd[0]);
	check(!queue_write(&q, fd[1]), "a broken one is");
	close(fd[1]);
	queue_free(&q);
}

int main(void)
{
	halvm_set_progname("test");
	test_decode();
	test_text();
	test_values();
	test_find();
	test_queue();
	return check_done();
}
