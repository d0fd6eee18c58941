/*
 * Each frame is in one of the states that Windows gives page frames, and files that were read stand by.
 *
 * rows: D23
 * quire-only
 */
#include "windows.h"

static long state(const char *name)
{
	return counter("/proc/frame_states", name);
}

int main(void)
{
	const char *const names[] = {"free",	   "zeroed",   "active",
				     "standby",	   "modified", "modified_no_write",
				     "transition", "bad"};
	long sum = 0, standby = state("standby");
	static char text[64 * PAGE];
	int fd = open("/bin/busybox", O_RDONLY);

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		sum += state(names[i]);
	CHECK(sum > 1000);
	for (int i = 0; i < 8; i++)
		CHECK(pread(fd, text, sizeof(text), i * (off_t)sizeof(text)) >= 0);
	CHECK(state("standby") > standby);
	return 0;
}
