/* SPDX-License-Identifier: BSD-3-Clause */
#define ANSWER (6 * 7)
