/*
 * The break moves by single bytes: each of 5000 steps returns the one before plus one, and every
 * byte below the break is usable.
 *
 * rows: C6 C7 C26 B33
 */
#include "brk.h"

int main(void)
{
	char *start = brk_move(0), *p;

	CHECK(start && brk_set(NULL) == start);
	for (int i = 0; i < 5000; i++) {
		p = brk_move(1);
		CHECK(p == start + i);
		*p = (char)i;
	}
	for (int i = 0; i < 5000; i++)
		CHECK(start[i] == (char)i);
	CHECK(brk_move(100) == start + 5000 && brk_move(-100) == start + 5100);
	CHECK(brk_move(-4999) == start + 5000 && brk_move(0) == start + 1);
	CHECK(*start == 0);
	CHECK(brk_move(-1) == start + 1 && brk_move(0) == start);
	return 0;
}
