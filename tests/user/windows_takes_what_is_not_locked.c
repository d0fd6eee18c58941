/*
 * A process that has most of memory locked in its working set can use more than the rest: of the set, what is not
 * locked goes.
 *
 * rows: A43 D18
 * quire-only
 * append: personality=windows
 * mem: 32M
 * swap: 96M
 * timeout: 120
 */
#include "check.h"

#define LOCKED (18u << 20)
#define USED (24u << 20)

int main(void)
{
	char *locked = map_anon(LOCKED), *used = map_anon(USED);

	CHECK(mlock(locked, LOCKED) == 0);
	touch_write(locked, LOCKED, 1);
	touch_write(used, USED, 2);
	CHECK(pages_hold(used, USED, 2) && pages_hold(locked, LOCKED, 1));
	return 0;
}
