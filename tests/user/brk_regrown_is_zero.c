/*
 * Memory given back by the break is gone, and zero when the break comes back.
 *
 * rows: B33 C6
 */
#include "brk.h"
#include "probe.h"

#define BYTES (300 * PAGE)

int main(void)
{
	char *start = brk_move(0);

	for (int round = 0; round < 3; round++) {
		CHECK(brk_move(BYTES) == start);
		for (unsigned i = 0; i < BYTES; i++)
			CHECK(start[i] == 0);
		memset(start, 0x77, BYTES);
		CHECK(brk_move(-(intptr_t)BYTES / 2));
		CHECK(start[BYTES / 2 - 1] == 0x77);
		CHECK(probe_read(start + BYTES / 2 + PAGE).number == SIGSEGV);
		CHECK(brk_move(BYTES / 4) == start + BYTES / 2);
		for (unsigned i = BYTES / 2 + PAGE; i < 3 * (BYTES / 4); i++)
			CHECK(start[i] == 0);
		CHECK(brk_set(start) == start);
		CHECK(probe_read(start + PAGE).number == SIGSEGV);
	}
	return 0;
}
