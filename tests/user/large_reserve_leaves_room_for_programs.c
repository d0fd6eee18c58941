/*
 * However much memory is to be kept free, programs run in what a small machine has, and nobody is killed.
 *
 * rows: D7
 * quire-only
 * mem: 12M
 * swap: 32M
 */
#include "counters.h"

#define USED (8u << 20)

static void use(void *arg)
{
	char *p = map_anon(USED);

	(void)arg;
	touch_write(p, USED, 1);
	CHECK(pages_hold(p, USED, 1));
}

int main(void)
{
	switch_set("/proc/sys/vm/min_free_kbytes", "16384");
	for (int i = 0; i < 3; i++)
		CHECK(child_run(use, NULL) == 0);
	CHECK(VMSTAT(oom_kill) == 0);
	return 0;
}
