/* SPDX-License-Identifier: BSD-3-Clause */
/* The main function of a program whose library is in Haskell. */
#include <stdio.h>
#include <stdlib.h>

#include "Rts.h"
#include "Main_stub.h"

int main(int argc, char **argv)
{
	HsStablePtr counter;
	char *text;

	hs_init_with_rtsopts(&argc, &argv);
	printf("%d arguments left\n", argc - 1);
	counter = counterNew(40);
	for (int i = 0; i < 1000; i++)
		counterAdd(counter, i);
	hs_perform_gc();
	printf("%d\n", counterAdd(counter, 2));
	counterFree(counter);
	text = shout("hello from C");
	puts(text);
	free(text);
	hs_exit();
	return 17;
}
