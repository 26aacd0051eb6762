/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Included before each C file of libc: unwind tables go to .debug_frame, for
 * debuggers and profilers only, and take no room in memory.
 */
__asm__(".cfi_sections .debug_frame");
