/*
 * The stack grows where it is touched, page by page or eight pages away, by writing and by reading,
 * and new pages are zero.
 *
 * rows: C12 C13 E50 E53
 * lab: stack
 */
#include "stack.h"

int main(void)
{
	char *start = stack_start();

	CHECK(strcmp(maps_at(start).name, "[stack]") == 0 && maps_is(start, "rw-p"));
	for (unsigned i = 1; i <= 8; i++) {
		volatile char *page = start - i * PAGE;

		for (unsigned k = 0; k < PAGE; k++)
			CHECK(page[k] == 0);
		CHECK(stack_start() == page);
		page[5] = (char)i;
	}
	*(volatile char *)(start - 16 * PAGE + 100) = 1;
	CHECK(stack_start() == start - 16 * PAGE);
	CHECK(*(volatile char *)(start - 24 * PAGE) == 0);
	for (unsigned i = 1; i <= 8; i++)
		CHECK(start[5 - (int)(i * PAGE)] == (char)i);
	return 0;
}
