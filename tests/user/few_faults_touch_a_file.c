/*
 * Touching 70 pages of a file that is not in memory takes ten major faults at most, 70 pages of the data of the
 * program itself a third of their number.
 *
 * rows: A34
 * disk-too: 16M -b 4096
 * lab: clusters
 */
#include "check.h"

#include <sys/resource.h>

#define PAGES 70

static char data[PAGES * PAGE] = {1};

static long faults(const char *p)
{
	struct rusage before, after;

	CHECK(getrusage(RUSAGE_SELF, &before) == 0);
	touch_read(p, PAGES * PAGE);
	CHECK(getrusage(RUSAGE_SELF, &after) == 0);
	return after.ru_majflt - before.ru_majflt;
}

int main(void)
{
	int fd = temp_file(PAGES * PAGE);
	char *p;

	CHECK(fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && faults(p) <= 10);
	CHECK(p[0] == 1 && p[PAGES * PAGE - 1] == PAGES);
	CHECK(faults(data) <= (PAGES + 2) / 3 + 1); /* It may begin inside a page. */
	return 0;
}
