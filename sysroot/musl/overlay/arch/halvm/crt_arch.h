/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Architecture halvm: libc has no ELF entry of its own. The runtime object of
 * the target owns `_start`; when it is ready it calls halvm_start() with a
 * block laid out like Linux's initial stack: argc, argv…, NULL, envp…, NULL,
 * auxiliary vector (AT_PHDR, AT_PHNUM and AT_PHENT are needed for TLS). Does
 * not return. In crt1.c that function goes by the name _start_c.
 */
#define _start_c halvm_start
