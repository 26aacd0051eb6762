/* The header is csources', found by its install-includes. */
#include <sum.h>

const char *sum_name(void)
{
	return SUM_NAME;
}
