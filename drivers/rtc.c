/*
 * rtc.c: read the battery clock. Registers and formats are those of the Motorola MC146818A, with
 * the century in CMOS byte 0x32 as PCs have it.
 *
 * Used once at boot by one thread; no locks.
 */
#include "drivers/rtc.h"

#include "arch/x86/io.h"
#include "kernel/lib/string.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71

#define RTC_STATUS_A 0x0A
#define RTC_UPDATING 0x80 /* The registers change within 244 us. */
#define RTC_STATUS_B 0x0B
#define RTC_BINARY 0x04
#define RTC_24_HOURS 0x02
#define RTC_PM 0x80
#define RTC_CENTURY 0x32

#define UPDATE_POLLS 20000 /* An update lasts 2 ms; a port read takes some 0.1 to 1 us. */

struct rtc_time {
	uint32_t second, minute, hour, day, month, year, century;
};

static uint32_t cmos_read(uint32_t reg)
{
	outb(CMOS_INDEX, (uint8_t)reg);
	return inb(CMOS_DATA);
}

static void rtc_wait_update(void)
{
	for (uint32_t i = 0; i < UPDATE_POLLS; i++)
		if (!(cmos_read(RTC_STATUS_A) & RTC_UPDATING))
			return;
}

static struct rtc_time rtc_read_raw(void)
{
	rtc_wait_update();
	return (struct rtc_time){
		.second = cmos_read(0x00),
		.minute = cmos_read(0x02),
		.hour = cmos_read(0x04),
		.day = cmos_read(0x07),
		.month = cmos_read(0x08),
		.year = cmos_read(0x09),
		.century = cmos_read(RTC_CENTURY),
	};
}

/* Two reads that agree were not torn by an update. */
static struct rtc_time rtc_read_stable(void)
{
	struct rtc_time a = rtc_read_raw();

	for (uint32_t i = 0; i < 5; i++) {
		struct rtc_time b = rtc_read_raw();

		if (memcmp(&a, &b, sizeof(a)) == 0)
			break;
		a = b;
	}
	return a;
}

static uint32_t from_bcd(uint32_t v)
{
	return (v >> 4) * 10 + (v & 0x0F);
}

static void rtc_decode(struct rtc_time *t)
{
	uint32_t mode = cmos_read(RTC_STATUS_B);
	bool pm = t->hour & RTC_PM;

	t->hour &= ~(uint32_t)RTC_PM;
	if (!(mode & RTC_BINARY)) {
		t->second = from_bcd(t->second);
		t->minute = from_bcd(t->minute);
		t->hour = from_bcd(t->hour);
		t->day = from_bcd(t->day);
		t->month = from_bcd(t->month);
		t->year = from_bcd(t->year);
		t->century = from_bcd(t->century);
	}
	if (!(mode & RTC_24_HOURS))
		t->hour = t->hour % 12 + (pm ? 12 : 0);
	/* A clock without a century byte has anything there; it then is this century. */
	if (t->century < 19 || t->century > 22)
		t->century = 20;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, counting years from March so that the
 * leap day is the last of its year. */
static uint64_t days_from_civil(uint32_t year, uint32_t month, uint32_t day)
{
	uint32_t y = month <= 2 ? year - 1 : year;
	uint32_t m = month <= 2 ? month + 9 : month - 3;

	return (uint64_t)y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

uint64_t rtc_read_epoch(void)
{
	struct rtc_time t = rtc_read_stable();

	rtc_decode(&t);
	if (t.month < 1 || t.month > 12 || t.day < 1 || t.day > 31)
		return 0;
	return days_from_civil(t.century * 100 + t.year, t.month, t.day) * 86400 + t.hour * 3600 +
	       t.minute * 60 + t.second;
}
