/*
 * MAP_POPULATE makes every page present at once: using them then faults no more.
 *
 * rows: A18
 */
#include "check.h"

#include <sys/resource.h>

static long faults(void)
{
	struct rusage usage;

	CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
	return usage.ru_minflt + usage.ru_majflt;
}

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
	long before, after;
	char *p;

	p = mmap(NULL, 256 * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
	CHECK(p != MAP_FAILED);
	before = faults();
	touch_write(p, 256 * PAGE, 1);
	after = faults();
	CHECK(after - before < 8);
	p = map_anon(256 * PAGE);
	before = faults();
	touch_write(p, 256 * PAGE, 1);
	CHECK(faults() - before >= 1 && pages_hold(p, 256 * PAGE, 1));
	return 0;
}
