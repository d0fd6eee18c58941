/*
 * mmap places downwards: each mapping ends where the last one begins, and a freed hole is used
 * again.
 *
 * rows: A16 B8
 */
#include "check.h"

int main(void)
{
	char *hole, *a = map_anon(64 * PAGE), *b = map_anon(32 * PAGE), *c = map_anon(16 * PAGE),
		    *d;

	CHECK(b == a - 32 * PAGE);
	CHECK(c == b - 16 * PAGE);
	CHECK(munmap(b, 32 * PAGE) == 0);
	hole = map_anon(30 * PAGE);
	CHECK(hole == b + 2 * PAGE); /* The upper end of the hole. */
	d = map_anon(2 * PAGE);
	CHECK(d == b); /* Just the rest of it. */
	CHECK(map_anon(PAGE) == c - PAGE);
	return 0;
}
