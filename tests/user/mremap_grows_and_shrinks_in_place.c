/*
 * mremap makes an area longer or shorter where it is when there is room; the new pages are zero and the old ones
 * keep what they hold.
 *
 * rows: A13 A21
 */
#include "maps.h"
#include "probe.h"

int main(void)
{
	char *p = map_anon(16 * PAGE);
	int fd = temp_file(4 * PAGE);
	char *f;

	CHECK(munmap(p + 4 * PAGE, 8 * PAGE) == 0);
	touch_write(p, 4 * PAGE, 'a');
	CHECK(mremap(p, 4 * PAGE, 10 * PAGE - 1, 0) == p);
	CHECK(pages_hold(p, 4 * PAGE, 'a') && pages_hold(p + 4 * PAGE, 6 * PAGE, 0));
	CHECK(maps_count(p, 10 * PAGE) == 1 && maps_at(p).end == (uintptr_t)p + 10 * PAGE);
	CHECK(mremap(p, 10 * PAGE, 12 * PAGE, 0) == p); /* Up to its neighbour: one area now. */
	CHECK(maps_count(p, 16 * PAGE) == 1);
	CHECK(mremap(p, 16 * PAGE, 16 * PAGE, 0) == p);
	CHECK(mremap(p, 16 * PAGE, 2 * PAGE, 0) == p && pages_hold(p, 2 * PAGE, 'a'));
	CHECK(probe_is_segv(probe_read(p + 2 * PAGE), SEGV_MAPERR, p + 2 * PAGE));
	CHECK(mremap(p, 2 * PAGE, 3 * PAGE, 0) == p && p[2 * PAGE] == 0);

	f = mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(f != MAP_FAILED && mremap(f, 8 * PAGE, PAGE, 0) == f);
	CHECK(mremap(f, PAGE, 3 * PAGE, 0) == f);
	for (int i = 0; i < 3; i++)
		CHECK(f[i * PAGE] == i + 1);
	return 0;
}
