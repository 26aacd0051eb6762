/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory_files.h - a provider of files in C, kept in memory: what the tests of
 * the runtime's layer mount.  One lock, no permissions, limits of its own.
 */
#ifndef MEMORY_FILES_H
#define MEMORY_FILES_H

#include "halvm/provider.h"

/* A table for this mount point, with an empty tree that all tables share. */
struct halvm_files_provider memory_files(const char *mount);

/* Open handles: what the layer has forgotten to close. */
extern unsigned memory_files_open;
/* What may_enter says; 1 at first. */
extern int memory_files_enter;
/* Calls of any function of the table so far, may_enter's apart. */
extern unsigned long memory_files_calls;

#endif
