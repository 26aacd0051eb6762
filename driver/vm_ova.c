/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing OVA: see vm.h. By DMTF DSP0243, section 5.3, it is an archive of
 * tar's format (POSIX.1, ustar) with the descriptor, the manifest and what the
 * descriptor refers to, in this order.
 */
#include "config.h"
#include "vm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "epoch.h"
#include "mapfile.h"
#include "sha256.h"
#include "util.h"
#include "vmdk.h"

enum { BLOCK = 512 };

/* One file of the archive. */
struct member {
	char *name;
	const void *data;
	size_t len;
};

static void add(FILE *out, const struct member *m)
{
	static const char zeros[BLOCK];
	char h[BLOCK] = {0};
	uint32_t time = 0;
	unsigned sum = 0;

	source_date_epoch(&time);
	memcpy(h, m->name, strlen(m->name));
	strcpy(h + 100, "0000644");
	strcpy(h + 108, "0000000");
	strcpy(h + 116, "0000000");
	snprintf(h + 124, 12, "%011llo", (unsigned long long)m->len);
	snprintf(h + 136, 12, "%011llo", (unsigned long long)time);
	memset(h + 148, ' ', 8);
	h[156] = '0'; /* a file */
	memcpy(h + 257, "ustar\00000", 8);
	for (int i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	fwrite(h, 1, BLOCK, out);
	fwrite(m->data, 1, m->len, out);
	fwrite(zeros, 1, (BLOCK - m->len % BLOCK) % BLOCK, out);
}

static _Noreturn void cannot_write(const char *path)
{
	die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
}

/* The disk is in a temporary file: its length and its sum come before it. */
static void make_disk(struct member *m, const struct disk *d,
		      struct mapfile *map)
{
	char *path = path_join(temp_dir(), "disk.vmdk");
	FILE *f = fopen(path, "we");

	if (f)
		vmdk_write(f, d, VMDK_STREAM, m->name);
	if (!f || (ferror(f) | fclose(f)) || !mapfile_open(map, path))
		cannot_write(path);
	m->data = map->data;
	m->len = map->len;
	free(path);
}

/* What is written to a stream, as a member; the caller frees its data. */
static FILE *open_member(struct member *m, char **data)
{
	FILE *f = open_memstream(data, &m->len);

	if (!f)
		die(EXIT_FAILED, "out of memory");
	return f;
}

static void close_member(struct member *m, FILE *f, char *const *data)
{
	if (ferror(f) | fclose(f))
		die(EXIT_FAILED, "out of memory");
	m->data = *data;
}

static void put_sum(FILE *manifest, const struct member *m)
{
	char digest[2 * SHA256_SIZE + 1];
	struct sha256 s;

	sha256_begin(&s);
	sha256_add(&s, m->data, m->len);
	sha256_hex(&s, digest);
	fprintf(manifest, "SHA256(%s)= %s\n", m->name, digest);
}

void ova_write(FILE *out, const struct vm *vm, const struct disk *d)
{
	static const char end[2 * BLOCK];
	char *base = vm_file_name(vm->name), *ovf_text, *mf_text;
	struct member ovf = {.name = xasprintf("%s.ovf", base)};
	struct member mf = {.name = xasprintf("%s.mf", base)};
	struct member disk = {.name = xasprintf("%s-disk1.vmdk", base)};
	struct mapfile map;
	FILE *f;

	make_disk(&disk, d, &map);
	f = open_member(&ovf, &ovf_text);
	ovf_write(f, vm, d, disk.name, disk.len);
	close_member(&ovf, f, &ovf_text);
	f = open_member(&mf, &mf_text);
	put_sum(f, &ovf);
	put_sum(f, &disk);
	close_member(&mf, f, &mf_text);
	add(out, &ovf);
	add(out, &mf);
	add(out, &disk);
	fwrite(end, 1, sizeof(end), out);
	mapfile_close(&map);
	free(ovf_text);
	free(mf_text);
	free(ovf.name);
	free(mf.name);
	free(disk.name);
	free(base);
}
