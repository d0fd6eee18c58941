/*
 * After fork and exec the parent's next writes cost one fault per 4 MiB, not one per page, and copy
 * nothing.
 *
 * rows: A28 C18 D24
 * quire-only
 * lab: cow
 */
#include "counters.h"

#define TABLES 16u
#define BYTES (TABLES * TABLE_SPAN)

static void exec_self(void *arg)
{
	execl("/proc/self/exe", "parent_pays", "child", NULL);
	CHECK(!arg && !"exec");
}

int main(int argc, char **argv)
{
	char *p;
	long faults, copies;

	(void)argv;
	if (argc > 1)
		return 0;
	p = map_anon(BYTES);
	for (int round = 0; round < 2; round++) {
		touch_write(p, BYTES, 1);
		CHECK(child_run(exec_self, NULL) == 0);
		faults = VMSTAT(pgfault);
		copies = VMSTAT(frame_copy);
		touch_write(p, BYTES, 2);
		faults = VMSTAT(pgfault) - faults;
		dprintf(1, "%ld faults for %u pages\n", faults, BYTES / PAGE);
		CHECK(faults >= 1 && faults <= (long)TABLES + 2);
		CHECK(VMSTAT(frame_copy) == copies);
	}
	return 0;
}
