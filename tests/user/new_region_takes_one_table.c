/*
 * The first page in 4 MiB of addresses takes a page table with it, the next page there takes none.
 *
 * rows: A1 B3
 * quire-only
 */
#include "counters.h"

int main(void)
{
	char *p = map_anon(3 * TABLE_SPAN);
	char *span = (char *)(((uintptr_t)p + TABLE_SPAN - 1) & ~(TABLE_SPAN - 1));
	long free = frames_free();

	span[0] = 1;
	CHECK(free - frames_free() == 2);
	span[TABLE_SPAN - PAGE] = 1;
	CHECK(free - frames_free() == 3);
	span[TABLE_SPAN] = 1; /* One page further, on the other side of the line. */
	CHECK(free - frames_free() == 5);
	CHECK(munmap(p, 3 * TABLE_SPAN) == 0);
	CHECK(frames_free() >= free);
	return 0;
}
