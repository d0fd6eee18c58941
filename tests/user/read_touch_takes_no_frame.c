/*
 * Reading untouched anonymous memory takes no frame: all its pages are one shared frame of zeroes.
 *
 * rows: A18 B7 E10
 * quire-only
 */
#include "counters.h"

#define PAGES 1000

int main(void)
{
	char *p = map_anon(PAGES * PAGE);
	long zero = VMSTAT(fault_zero), anon = VMSTAT(fault_anon), free = frames_free();

	touch_read(p, PAGES * PAGE);
	CHECK(free - frames_free() <= 2); /* Two page tables. */
	CHECK(VMSTAT(fault_zero) - zero == PAGES);
	CHECK(VMSTAT(fault_anon) == anon);
	touch_write(p, 10 * PAGE, 1);
	CHECK(VMSTAT(fault_anon) - anon == 10);
	CHECK(pages_hold(p + 10 * PAGE, (PAGES - 10) * PAGE, 0));
	return 0;
}
