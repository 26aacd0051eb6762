/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing qcow2: see qcow2.h. In the order of the file: header, reference
 * counts (their table and their blocks), L1 table, L2 tables, data. Each of
 * these is known before anything is written, so it can go to a pipe.
 */
#include "config.h"
#include "qcow2.h"

#include <stdlib.h>

#include "bytes.h"
#include "util.h"

enum {
	CLUSTER_BITS = 16,
	CLUSTER = 1 << CLUSTER_BITS,
	COUNTS = CLUSTER / 2,  /* counts of 16 bits in a block of them */
	ENTRIES = CLUSTER / 8, /* entries in other tables */
	COUNT_ORDER = 4,       /* 16 bits */
	HEADER = 104,
	VERSION = 3
};
#define MAGIC 0x514649fbu
/* An entry's cluster is referred to once, and so may be written to. */
#define COPIED ((uint64_t)1 << 63)

struct layout {
	const struct disk *d;
	uint64_t chunks; /* clusters of the disk */
	uint8_t *used;	 /* of each: whether there is data */
	uint64_t data;	 /* how many have */
	/* Clusters in the file: where and how many. */
	uint64_t blocks_n, l1, l2, l2_n, first_data, total;
};

static uint64_t divided(uint64_t n, uint64_t by)
{
	return (n + by - 1) / by;
}

static void lay_out(struct layout *l, const struct disk *d)
{
	uint64_t fixed;

	*l = (struct layout){.d = d, .chunks = divided(d->size, CLUSTER)};
	l->used = disk_used(d, CLUSTER, &l->data);
	l->l2_n = divided(l->chunks, ENTRIES);
	/* Header, table of counts, L1; one cluster serves for TiBs. */
	fixed = 3 + l->l2_n + l->data;
	do
		l->total = fixed + ++l->blocks_n;
	while (l->blocks_n * COUNTS < l->total);
	l->l1 = 2 + l->blocks_n;
	l->l2 = l->l1 + 1;
	l->first_data = l->l2 + l->l2_n;
}

static void put_cluster(FILE *out, uint8_t *buf)
{
	fwrite(buf, 1, CLUSTER, out);
	memset(buf, 0, CLUSTER);
}

static void write_header(FILE *out, const struct layout *l, uint8_t *buf)
{
	put32b(buf, MAGIC);
	put32b(buf + 4, VERSION);
	put32b(buf + 20, CLUSTER_BITS);
	put64b(buf + 24, l->d->size);
	put32b(buf + 36, (uint32_t)l->l2_n); /* entries of L1 */
	put64b(buf + 40, l->l1 * CLUSTER);
	put64b(buf + 48, CLUSTER); /* table of counts */
	put32b(buf + 56, 1);
	put32b(buf + 96, COUNT_ORDER);
	put32b(buf + 100, HEADER);
	put_cluster(out, buf);
}

static void write_counts(FILE *out, const struct layout *l, uint8_t *buf)
{
	for (uint64_t i = 0; i < l->blocks_n; i++)
		put64b(buf + 8 * i, (2 + i) * CLUSTER);
	put_cluster(out, buf);
	for (uint64_t i = 0; i < l->blocks_n; i++) {
		for (uint64_t j = 0; j < COUNTS; j++)
			put16b(buf + 2 * j, i * COUNTS + j < l->total);
		put_cluster(out, buf);
	}
}

static void write_maps(FILE *out, const struct layout *l, uint8_t *buf)
{
	uint64_t at = l->first_data;

	for (uint64_t i = 0; i < l->l2_n; i++)
		put64b(buf + 8 * i, COPIED | (l->l2 + i) * CLUSTER);
	put_cluster(out, buf);
	for (uint64_t i = 0; i < l->l2_n; i++) {
		for (uint64_t j = 0; j < ENTRIES; j++) {
			uint64_t chunk = i * ENTRIES + j;

			if (chunk < l->chunks && l->used[chunk])
				put64b(buf + 8 * j, COPIED | at++ * CLUSTER);
		}
		put_cluster(out, buf);
	}
}

void qcow2_write(FILE *out, const struct disk *d)
{
	uint8_t *buf = xcalloc(1, CLUSTER);
	struct layout l;

	lay_out(&l, d);
	write_header(out, &l, buf);
	write_counts(out, &l, buf);
	write_maps(out, &l, buf);
	for (uint64_t i = 0; i < l.chunks; i++) {
		if (!l.used[i])
			continue;
		disk_read(d, i * CLUSTER, buf, CLUSTER);
		put_cluster(out, buf);
	}
	free(l.used);
	free(buf);
}
