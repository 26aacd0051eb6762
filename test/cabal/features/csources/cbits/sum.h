/* What csources sums; installed for its users. */
#ifndef CSOURCES_SUM_H
#define CSOURCES_SUM_H

#define SUM_NAME "sum"

enum sum_kind { SUM_PLAIN = 3, SUM_SQUARES = 7 };

struct sum_state {
	long total;
	short count;
	char kind;
};

long sum_add(struct sum_state *s, int value);
double sum_root(double x);

#endif
