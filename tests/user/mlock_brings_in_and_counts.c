/*
 * mlock brings pages in and counts them once; munlock, munmap and mremap take them out; MLOCK_ONFAULT waits
 * for the first touch; a child of fork has nothing locked; new areas follow mlockall.
 *
 * rows: A13 A25 E29
 */
#include "locks.h"

static void child(void *p)
{
	CHECK(locked_pages() == 0);
	CHECK(munlock(p, PAGE) == 0 && munmap(p, PAGE) == 0);
}

int main(void)
{
	char *p = map_anon(32 * PAGE), *q;

	CHECK(mlock(p + 1, 3 * PAGE) == 0 && resident(p, 32) == 4 && locked_pages() == 4);
	CHECK(mlock(p, 8 * PAGE) == 0 && locked_pages() == 8);
	CHECK(lock2(p + 8 * PAGE, 8 * PAGE, MLOCK_ONFAULT) == 0);
	CHECK(resident(p, 32) == 8 && locked_pages() == 16);
	p[8 * PAGE] = 1;
	CHECK(resident(p, 32) == 9);
	CHECK(child_run(child, p) == 0 && locked_pages() == 16);
	CHECK(munlock(p + 2 * PAGE, PAGE) == 0 && locked_pages() == 15 && resident(p, 32) == 9);
	CHECK(munmap(p + 4 * PAGE, PAGE) == 0 && locked_pages() == 14);
	q = mremap(p, PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED && locked_pages() == 17 && resident(q, 4) == 4);
	CHECK(munlockall() == 0 && locked_pages() == 0);

	q = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED,
		 -1, 0);
	CHECK(q != MAP_FAILED && resident(q, 4) == 4 && locked_pages() == 4);
	CHECK(mlockall(MCL_FUTURE) == 0 && locked_pages() == 4);
	q = map_anon(4 * PAGE);
	CHECK(resident(q, 4) == 4 && locked_pages() == 8);
	CHECK(mlockall(MCL_FUTURE | MCL_ONFAULT) == 0);
	q = map_anon(4 * PAGE);
	CHECK(resident(q, 4) == 0 && locked_pages() == 12);
	CHECK(mlockall(MCL_CURRENT) == 0 && locked_pages() > 40 && resident(q, 4) == 4);
	CHECK(munlockall() == 0 && locked_pages() == 0);
	return 0;
}
