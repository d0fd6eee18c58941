/*
 * Pages that went to swap are in no frame but in a slot each, and come back with the same contents; a page that
 * was only read keeps its slot, one that is written gives it back.
 *
 * rows: A38 A41 E3 E12 E23 E24 E27
 * quire-only
 * swap: 16M
 */
#include "swap.h"

#define PAGES 40

int main(void)
{
	long used = SWAP_USED;
	char *at = pages_in_swap(PAGES);

	CHECK(SWAP_USED == used + PAGES * 4);
	CHECK(counter("/proc/self/status", "VmSwap") == PAGES * 4);
	for (size_t i = 0; i < PAGES; i++)
		for (size_t b = 0; b < PAGE; b += 64)
			CHECK(at[i * PAGE + b] == (char)(i + 1));
	CHECK(!IN_SWAP(at));
	CHECK(SWAP_USED == used + PAGES * 4);
	for (size_t i = 0; i < PAGES; i++)
		at[i * PAGE] = 0;
	CHECK(SWAP_USED == used);
	CHECK(counter("/proc/self/status", "VmSwap") == 0);
	return 0;
}
