/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rtc.c - the CMOS clock (MC146818A data sheet; the century register is the PC
 * convention that QEMU and most firmware keep).
 */
#include <stddef.h>
#include "arch/clocks.h"
#include "arch/io.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71

enum {
	CMOS_SECONDS = 0,
	CMOS_MINUTES = 2,
	CMOS_HOURS = 4,
	CMOS_DAY = 7,
	CMOS_MONTH = 8,
	CMOS_YEAR = 9,
	CMOS_STATUS_A = 10,
	CMOS_STATUS_B = 11,
	CMOS_CENTURY = 0x32,
};

#define STATUS_A_UPDATING 0x80
#define STATUS_B_24_HOURS 2
#define STATUS_B_BINARY 4
#define HOURS_PM 0x80

/* An update takes at most 2 ms; a missing clock reads as updating for ever. */
#define UPDATE_POLLS 100000

struct cmos_time {
	uint8_t second, minute, hour, day, month, year, century;
};

static uint8_t cmos(unsigned reg)
{
	port_out8(CMOS_INDEX, (uint8_t)reg);
	return port_in8(CMOS_DATA);
}

static struct cmos_time read_all(void)
{
	for (unsigned i = 0; i < UPDATE_POLLS; i++)
		if (!(cmos(CMOS_STATUS_A) & STATUS_A_UPDATING))
			break;
	return (struct cmos_time){cmos(CMOS_SECONDS), cmos(CMOS_MINUTES),
				  cmos(CMOS_HOURS),   cmos(CMOS_DAY),
				  cmos(CMOS_MONTH),   cmos(CMOS_YEAR),
				  cmos(CMOS_CENTURY)};
}

static bool same(const struct cmos_time *a, const struct cmos_time *b)
{
	return a->second == b->second && a->minute == b->minute &&
	       a->hour == b->hour && a->day == b->day;
}

static unsigned decimal(uint8_t value, uint8_t status)
{
	return status & STATUS_B_BINARY ? value
					: (value >> 4) * 10u + (value & 15);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t era_year;

	/* The year begins in March, so that a leap day ends it. */
	if (month <= 2) {
		year--;
		month += 12;
	}
	era_year = year - 1600;
	return 365 * era_year + era_year / 4 - era_year / 100 + era_year / 400 +
	       (153 * (month - 3) + 2) / 5 + day - 1 -
	       /* 1970-01-01 counted in the same way from 1600-03-01 */
	       135080;
}

uint64_t rtc_read(void)
{
	struct cmos_time t = read_all(), again = read_all();
	uint8_t status = cmos(CMOS_STATUS_B);
	unsigned hour, year, century;
	int64_t days;

	while (!same(&t, &again)) {
		t = again;
		again = read_all();
	}
	hour = decimal(t.hour & ~HOURS_PM, status);
	if (!(status & STATUS_B_24_HOURS))
		hour = hour % 12 + (t.hour & HOURS_PM ? 12 : 0);
	century = decimal(t.century, status);
	year = decimal(t.year, status);
	/* Without the century register: 1970 to 2069. */
	if (century < 19 || century > 29)
		century = year < 70 ? 20 : 19;
	days = days_of(century * 100 + year, decimal(t.month, status),
		       decimal(t.day, status));
	if (days < 0)
		return 0;
	return ((uint64_t)days * 24 + hour) * 3600 +
	       decimal(t.minute, status) * 60 + decimal(t.second, status);
}
