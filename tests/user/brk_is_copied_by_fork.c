/*
 * After fork each process has a break of its own, starting where the parent's was.
 *
 * rows: A25 B33 B35
 */
#include "brk.h"

static void move_in_child(void *arg)
{
	char *end = arg;

	CHECK(brk_move(0) == end && end[-1] == 'p');
	end[-1] = 'c';
	CHECK(brk_move(64 * PAGE) == end);
	memset(end, 'c', 64 * PAGE);
}

int main(void)
{
	char *start = brk_move(10 * PAGE), *end = start + 10 * PAGE;

	memset(start, 'p', 10 * PAGE);
	CHECK(child_run(move_in_child, end) == 0);
	CHECK(brk_move(0) == end && end[-1] == 'p');
	CHECK(brk_move(PAGE) == end && end[0] == 0);
	return 0;
}
