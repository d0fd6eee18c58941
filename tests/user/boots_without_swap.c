/*
 * Without a swap area the system runs all the same, and says that there is none.
 *
 * rows: E20
 * quire-only
 */
#include "counters.h"

int main(void)
{
	CHECK(counter("/proc/meminfo", "SwapTotal") == 0);
	CHECK(counter("/proc/meminfo", "SwapFree") == 0);
	return 0;
}
