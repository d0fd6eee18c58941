/*
 * Unmapping part of shared memory takes it away from the caller only; mprotect likewise; the rest
 * keeps its offsets.
 *
 * rows: A21 A23 B20 B25
 */
#include "probe.h"

#define PAGES 12

static void child(void *arg)
{
	char *p = arg;

	CHECK(munmap(p, 3 * PAGE) == 0 && munmap(p + 6 * PAGE, PAGE) == 0);
	CHECK(mprotect(p + 10 * PAGE, 2 * PAGE, PROT_READ) == 0);
	for (int i = 3; i < PAGES; i++)
		CHECK(i == 6 || p[i * PAGE] == i);
	for (int i = 3; i < 10; i++)
		if (i != 6)
			p[i * PAGE] = (char)(i + 50);
	CHECK(probe_read(p + 6 * PAGE).number == SIGSEGV);
	CHECK(probe_write(p + 11 * PAGE).number == SIGSEGV);
}

int main(void)
{
	char *p = map_shared(PAGES * PAGE);

	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = (char)i;
	CHECK(child_run(child, p) == 0);
	for (int i = 0; i < PAGES; i++)
		CHECK(p[i * PAGE] == (i < 3 || i == 6 || i >= 10 ? i : i + 50));
	touch_write(p, PAGES * PAGE, 'w');
	CHECK(pages_hold(p, PAGES * PAGE, 'w'));
	return 0;
}
