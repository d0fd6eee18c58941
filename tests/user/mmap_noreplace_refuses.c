/*
 * MAP_FIXED_NOREPLACE maps exactly there, or fails with EEXIST and changes nothing.
 *
 * rows: E39 E42
 */
#include "maps.h"

#define FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE)

int main(void)
{
	char *p = map_anon(8 * PAGE);

	CHECK(munmap(p, 8 * PAGE) == 0);
	CHECK(mmap(p + 3 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, FLAGS, -1, 0) == p + 3 * PAGE);
	touch_write(p + 3 * PAGE, 2 * PAGE, 'x');
	CHECK_ERRNO(mmap(p + 3 * PAGE, PAGE, PROT_READ, FLAGS, -1, 0), EEXIST);
	CHECK_ERRNO(mmap(p, 4 * PAGE, PROT_READ, FLAGS, -1, 0), EEXIST);
	CHECK_ERRNO(mmap(p + 4 * PAGE, 4 * PAGE, PROT_READ, FLAGS, -1, 0), EEXIST);
	CHECK_ERRNO(mmap(p, 8 * PAGE, PROT_READ, FLAGS, -1, 0), EEXIST);
	CHECK(maps_count(p, 8 * PAGE) == 1 && maps_is(p + 3 * PAGE, "rw-p"));
	CHECK(pages_hold(p + 3 * PAGE, 2 * PAGE, 'x'));
	CHECK(mmap(p, 3 * PAGE, PROT_READ, FLAGS, -1, 0) == p);
	CHECK(mmap(p + 5 * PAGE, PAGE, PROT_READ, FLAGS, -1, 0) == p + 5 * PAGE);
	return 0;
}
