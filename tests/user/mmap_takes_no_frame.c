/*
 * mmap itself takes no frame, however large; each touched page takes one.
 *
 * rows: A18 B6 B7 B26 E30
 * quire-only
 */
#include "counters.h"

#define BYTES (64u << 20)

int main(void)
{
	long anon = VMSTAT(fault_anon), free = frames_free();
	char *map = map_anon(BYTES);
	char *p = map + (-(uintptr_t)map & (TABLE_SPAN - 1)); /* Its pages are in one table. */

	CHECK(free - frames_free() <= 1); /* A slab for the area. */
	touch_write(p, PAGE, 1); /* With the page table, should this be the first page in it. */
	free = frames_free();
	p[PAGE] = p[2 * PAGE] = 1;
	CHECK(free - frames_free() == 2);
	p[2 * PAGE + 7] = 2;
	CHECK(free - frames_free() == 2);
	CHECK(VMSTAT(fault_anon) - anon == 3);
	CHECK(munmap(map, BYTES) == 0);
	CHECK(frames_free() - free >= 1);
	return 0;
}
