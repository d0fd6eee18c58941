/*
 * Locked pages, private and of a file, stay in memory while everything around them is evicted; unlocked they go.
 *
 * rows: A25 E22 E29
 * quire-only
 * mem: 32M
 * swap: 96M
 * timeout: 120
 */
#include "pageout.h"

#define PAGES 256u
#define PRESSURE (40u << 20)

static void press(void *arg)
{
	char *p = map_anon(PRESSURE);

	(void)arg;
	touch_write(p, PRESSURE, 1);
	CHECK(pages_hold(p, PRESSURE, 1));
}

int main(void)
{
	int fd = temp_file(PAGES * PAGE);
	char *p = map_anon(PAGES * PAGE);
	char *q = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);

	CHECK(q != MAP_FAILED);
	touch_write(p, PAGES * PAGE, 3);
	CHECK(mlock(p, PAGES * PAGE) == 0 && mlock(q, PAGES * PAGE) == 0);
	CHECK(child_run(press, NULL) == 0);
	CHECK(resident(p, PAGES) == PAGES && resident(q, PAGES) == PAGES);
	CHECK(munlockall() == 0);
	CHECK(child_run(press, NULL) == 0);
	CHECK(resident(p, PAGES) < PAGES / 4 && resident(q, PAGES) < PAGES / 4);
	CHECK(pages_hold(p, PAGES * PAGE, 3));
	return 0;
}
