/*
 * smaps says of a locked area how much of it is in memory, and status how much is locked.
 */
#include "procfs.h"

int main(void)
{
	char *p = map_anon(8 * PAGE);

	touch_write(p, 3 * PAGE, 1);
	CHECK(text_sum(smaps_area(p), "Locked") == 0 && !strstr(smaps_area(p), " lo"));
	CHECK(proc_sum("/proc/self/status", "VmLck") == 0);
	CHECK(mlock(p, 8 * PAGE) == 0);
	CHECK(text_sum(smaps_area(p), "Rss") == 8 * 4 &&
	      text_sum(smaps_area(p), "Locked") == 8 * 4);
	CHECK(strstr(strstr(smaps_area(p), "VmFlags:"), " lo"));
	CHECK(proc_sum("/proc/self/status", "VmLck") == 8 * 4);
	CHECK(munlock(p, 6 * PAGE) == 0);
	CHECK(text_sum(smaps_area(p), "Locked") == 0);
	CHECK(text_sum(smaps_area(p + 7 * PAGE), "Locked") == 2 * 4);
	CHECK(proc_sum("/proc/self/status", "VmLck") == 2 * 4);
	return 0;
}
