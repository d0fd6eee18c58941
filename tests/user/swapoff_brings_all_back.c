/*
 * swapoff brings every page back; swapon and swapoff refuse what they must.
 *
 * rows: E20
 * quire-only
 * swap: 16M
 */
#include "swap.h"

#include <sys/swap.h>

int main(void)
{
	char *at = pages_in_swap(20);

	CHECK(swapon("/dev/hda", 0) == -1 && errno == EBUSY);
	CHECK(swapoff("/dev/hda") == 0);
	CHECK(counter("/proc/meminfo", "SwapTotal") == 0);
	for (int i = 0; i < 20; i++)
		CHECK(!IN_SWAP(at + i * PAGE) && at[i * PAGE] == i + 1);
	CHECK(swapoff("/dev/hda") == -1 && errno == EINVAL);
	CHECK(swapon("/dev/hda", 1 << 20) == -1 && errno == EINVAL);
	CHECK(swapon("/none", 0) == -1 && errno == ENOENT);
	CHECK(swapon("/dev", 0) == -1 && errno == EINVAL);
	CHECK(swapon("/dev/hda", SWAP_FLAG_PREFER | 7) == 0);
	CHECK(counter("/proc/meminfo", "SwapTotal") > 15000);
	CHECK(setuid(1) == 0);
	CHECK(swapoff("/dev/hda") == -1 && errno == EPERM);
	return 0;
}
