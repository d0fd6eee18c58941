/*
 * Anonymous mappings side by side become one area; a filled hole joins what it separated.
 *
 * rows: A13 A17
 */
#include "maps.h"

static char *map_at(char *p, size_t bytes)
{
	char *q = mmap(p, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		       -1, 0);

	CHECK(q == p);
	return q;
}

int main(void)
{
	char *p = map_anon(12 * PAGE);

	CHECK(munmap(p, 12 * PAGE) == 0);
	map_at(p + PAGE, 3 * PAGE);
	map_at(p + 7 * PAGE, 3 * PAGE);
	CHECK(maps_count(p, 11 * PAGE) == 2);
	map_at(p + 4 * PAGE, 3 * PAGE);
	CHECK(maps_count(p, 11 * PAGE) == 1);
	map_at(p + 10 * PAGE, PAGE);
	CHECK(maps_count(p, 11 * PAGE) == 1);
	CHECK(munmap(p + 5 * PAGE, PAGE) == 0);
	CHECK(maps_count(p, 11 * PAGE) == 2);
	map_at(p + 5 * PAGE, PAGE);
	CHECK(maps_count(p, 11 * PAGE) == 1);
	touch_write(p + PAGE, 10 * PAGE, 1);
	CHECK(pages_hold(p + PAGE, 10 * PAGE, 1));
	return 0;
}
