/* SPDX-License-Identifier: BSD-3-Clause */
/* Finalizers in C, and a count of what they did. */
#include <stdlib.h>

static int finalized;

int count_finalized(void);
void c_finalizer(int *p);
void c_env_finalizer(int *env, int *p);

int count_finalized(void)
{
	return finalized;
}

void c_finalizer(int *p)
{
	finalized++;
	free(p);
}

void c_env_finalizer(int *env, int *p)
{
	*env += 1;
	free(p);
}
