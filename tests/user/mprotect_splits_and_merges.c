/*
 * mprotect of the middle makes three areas of one, and giving the rights back makes one of three.
 *
 * rows: A13 D1
 */
#include "maps.h"

#define BYTES (9 * PAGE)

int main(void)
{
	char *room = mmap(NULL, BYTES + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *p = room + PAGE;

	CHECK(room != MAP_FAILED);
	CHECK(mprotect(p, BYTES, PROT_READ | PROT_WRITE) == 0);
	CHECK(maps_count(p, BYTES) == 1 && maps_is(p, "rw-p") && maps_is(room, "---p"));
	CHECK(mprotect(p + 3 * PAGE, 3 * PAGE, PROT_READ) == 0);
	CHECK(maps_count(p, BYTES) == 3);
	CHECK(maps_is(p + 2 * PAGE, "rw-p") && maps_is(p + 3 * PAGE, "r--p"));
	CHECK(maps_is(p + 5 * PAGE, "r--p") && maps_is(p + 6 * PAGE, "rw-p"));
	CHECK(mprotect(p, PAGE, PROT_READ) == 0);
	CHECK(maps_count(p, BYTES) == 4);
	CHECK(mprotect(p + PAGE, 2 * PAGE, PROT_READ) == 0);
	CHECK(maps_count(p, BYTES) == 2);
	CHECK(mprotect(p + 3 * PAGE, PAGE, PROT_READ | PROT_EXEC) == 0);
	CHECK(maps_count(p, BYTES) == 4 && maps_is(p + 3 * PAGE, "r-xp"));
	CHECK(mprotect(p, BYTES, PROT_READ | PROT_WRITE) == 0);
	CHECK(maps_count(p, BYTES) == 1 && maps_is(p, "rw-p"));
	return 0;
}
