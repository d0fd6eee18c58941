/*
 * munmap gives back the frames of what it takes away, partly or whole, and the page tables behind
 * them.
 *
 * rows: A6 A21 B20
 * quire-only
 */
#include "counters.h"

#define BYTES (12 * TABLE_SPAN)

int main(void)
{
	char *p = map_anon(BYTES);
	long before = frames_free(), touched;

	touch_write(p, BYTES / 4, 1);
	touched = frames_free();
	CHECK(before - touched >= (long)(BYTES / 4 / PAGE));
	CHECK(munmap(p, 100 * PAGE) == 0);
	CHECK(frames_free() - touched >= 99); /* One may have become a slab for a split. */
	CHECK(munmap(p + 200 * PAGE, 100 * PAGE) == 0);
	CHECK(frames_free() - touched >= 198);
	CHECK(munmap(p, BYTES) == 0);
	CHECK(frames_free() >= before - 1);
	vm_check();
	return 0;
}
