/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host_string.c - lib/string.c under names of its own: libc's functions, which
 * the sanitizers know, stay what they are.
 */
#define memcpy rt_memcpy
#define memmove rt_memmove
#define memset rt_memset
#define memcmp rt_memcmp
#define memchr rt_memchr
#define strlen rt_strlen
#define strnlen rt_strnlen
#define strcmp rt_strcmp
#define strncmp rt_strncmp
#define strchr rt_strchr
#define strrchr rt_strrchr
#include "../../../runtime/lib/string.c"
