/*
 * When a mapped file is cut short, the pages beyond its new end are SIGBUS, and the tail of the
 * last one is zero.
 *
 * rows: E28 A19
 * disk-too: 16M -b 1024
 */
#include "probe.h"

int main(void)
{
	int fd = temp_file(6 * PAGE);
	char *p = mmap(NULL, 6 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	CHECK(p != MAP_FAILED);
	touch_read(p, 4 * PAGE);
	CHECK(ftruncate(fd, 2 * PAGE + 10) == 0);
	CHECK(p[2 * PAGE + 9] == 3 && p[2 * PAGE + 10] == 0);
	CHECK(probe_read(p + 3 * PAGE).number == SIGBUS);
	CHECK(probe_read(p + 5 * PAGE).number == SIGBUS);
	CHECK(ftruncate(fd, 6 * PAGE) == 0);
	CHECK(p[2 * PAGE + 9] == 3 && pages_hold(p + 3 * PAGE, 3 * PAGE, 0));
	CHECK(p[2 * PAGE + 10] == 0 && p[3 * PAGE - 1] == 0);
	return 0;
}
