/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory_tree.h - the tree below memory_files.h, for its two files.  All under
 * the one lock.
 */
#ifndef MEMORY_TREE_H
#define MEMORY_TREE_H

#include "memory_files.h"

#include <stdbool.h>

struct node;

struct entry {
	struct entry *next;
	struct node *node;
	uint64_t place; /* in the list of the directory */
	char name[];
};

struct node {
	struct halvm_file_status s;
	unsigned users; /* open handles */
	char *data;	/* of a file; the target of a link */
	size_t room;
	struct entry *entries; /* sorted by place */
	uint64_t last_place;
	struct node *parent;
};

struct handle {
	struct node *node;
};

/* A place in the tree: node NULL if the last name isn't there. */
struct spot {
	struct node *dir, *node;
	struct entry **at;
	const char *name;
	size_t n;
};

extern struct node *memory_root;

void memory_lock(void);
long memory_unlock(long r);
int64_t memory_now(void);
struct node *memory_new_node(uint32_t mode);
/* Frees it if nobody has it. */
void memory_drop(struct node *n);
int memory_add(struct node *dir, const char *name, size_t n, struct node *node);
struct entry **memory_find(struct node *dir, const char *name, size_t n);
void memory_take_out(struct node *dir, struct entry **at);
int memory_look(const char *path, bool follow, struct spot *s);
int memory_look_there(const char *path, bool follow, struct spot *s);
/* A name that can be made or removed. */
bool memory_is_name(const struct spot *s);
struct node *memory_node(halvm_handle h);

/* memory_names.c: the functions on names. */
void memory_names(struct halvm_files_provider *t);

#endif
