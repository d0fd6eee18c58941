/*
 * munmap takes away the head, the middle or the tail of a mapping and leaves the rest as it was.
 *
 * rows: A21 A23 B11
 */
#include "maps.h"
#include "probe.h"

#define PAGES 12

static bool rest_is_whole(const char *p, unsigned gone)
{
	for (int i = 0; i < PAGES; i++) {
		if (gone & 1u << i) {
			if (!probe_is_segv(probe_read(p + i * PAGE), SEGV_MAPERR, p + i * PAGE))
				return false;
		} else if (p[i * PAGE] != i + 1 || p[i * PAGE + PAGE - 1] != i + 1) {
			return false;
		}
	}
	return true;
}

int main(void)
{
	char *p = map_anon(PAGES * PAGE);

	for (int i = 0; i < PAGES; i++)
		memset(p + i * PAGE, i + 1, PAGE);
	CHECK(munmap(p, 2 * PAGE) == 0);
	CHECK(rest_is_whole(p, 0x003) && maps_count(p, PAGES * PAGE) == 1);
	CHECK(munmap(p + 5 * PAGE, 2 * PAGE) == 0);
	CHECK(rest_is_whole(p, 0x063) && maps_count(p, PAGES * PAGE) == 2);
	CHECK(munmap(p + 11 * PAGE, 1) == 0); /* The length is rounded up. */
	CHECK(rest_is_whole(p, 0x863) && maps_count(p, PAGES * PAGE) == 2);
	CHECK(munmap(p, PAGES * PAGE) == 0); /* Over holes and all. */
	CHECK(rest_is_whole(p, 0xFFF) && maps_count(p, PAGES * PAGE) == 0);
	CHECK(munmap(p, PAGES * PAGE) == 0); /* Nothing there is no error. */
	return 0;
}
