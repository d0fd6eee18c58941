/*
 * Under a clock, with one hand or two, a page that is used all the time stays in a full working set, while others that
 * are used once come and go.
 *
 * rows: A42 D3 E22
 * quire-only
 * swap: 16M
 * lab: clock twohand
 */
#include "working_set.h"

#define ONCE 512

/* How often the page was not there when it was used. */
static int times_gone(void)
{
	volatile char *used = map_anon(PAGE), *once = map_anon(ONCE * PAGE);
	int gone = 0;

	used[0] = 1;
	for (int i = 0; i < ONCE; i++) {
		unsigned char there;

		once[i * PAGE] = 1;
		CHECK(mincore((void *)used, PAGE, &there) == 0);
		gone += !(there & 1);
		used[0]++;
	}
	return gone;
}

int main(void)
{
	CHECK(working_set_set("32 fifo") && times_gone() > ONCE / 64);
	CHECK(working_set_set("32 clock") && times_gone() <= 3);
	CHECK(working_set_set("32 twohand") && times_gone() <= 3);
}
