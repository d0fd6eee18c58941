/*
 * MAP_FIXED maps exactly there and replaces what was there, and only that.
 *
 * rows: E42
 */
#include "maps.h"

int main(void)
{
	int fd = temp_file(4 * PAGE);
	char *p = map_anon(8 * PAGE), *q;

	touch_write(p, 8 * PAGE, 'a');
	q = mmap(p + 2 * PAGE, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, PAGE);
	CHECK(q == p + 2 * PAGE && maps_count(p, 8 * PAGE) == 3);
	CHECK(p[PAGE] == 'a' && p[5 * PAGE] == 'a');
	CHECK(p[2 * PAGE] == 2 && p[3 * PAGE] == 3 && p[4 * PAGE] == 4);
	q = mmap(p + 3 * PAGE, 4 * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK(q == p + 3 * PAGE && pages_hold(q, 4 * PAGE, 0));
	CHECK(p[2 * PAGE] == 2 && p[7 * PAGE] == 'a');
	CHECK(mmap(p, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	CHECK(maps_count(p, 8 * PAGE) == 1 && pages_hold(p, 8 * PAGE, 0));
	return 0;
}
