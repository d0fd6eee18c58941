/*
 * The break does not go below its start, over a mapping or out of user memory; a refusal changes
 * nothing.
 *
 * rows: C6 B13 B35
 */
#include "brk.h"

int main(void)
{
	char *start = brk_move(0), *wall, *end;

	CHECK(brk_move(3 * PAGE) == start);
	memset(start, 'b', 3 * PAGE);
	end = start + 3 * PAGE;
	CHECK(brk_set(start - 64 * PAGE - 1) == end);
	CHECK(brk_set((char *)1) == end);
	CHECK(brk_set((char *)-1) == end);
	CHECK(brk_set((char *)-PAGE) == end);
	wall = (char *)(((uintptr_t)end + 16 * PAGE) & ~(PAGE - 1));
	CHECK(mmap(wall, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == wall);
	CHECK(brk_set(wall + 1) == end);
	CHECK(brk_set(wall + 4 * PAGE) == end);
	CHECK(brk_set(wall - PAGE) == wall - PAGE);
	memset(end, 'b', wall - PAGE - end);
	for (char *p = start; p < wall - PAGE; p++)
		CHECK(*p == 'b');
	return 0;
}
