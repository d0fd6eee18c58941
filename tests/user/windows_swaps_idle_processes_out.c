/*
 * Under the Windows personality a process that has been idle for long has no frames left; when it is wanted it
 * finds all as it was.
 *
 * rows: D19
 * quire-only
 * swap: 64M
 * append: personality=windows
 */
#include "windows.h"

int main(void)
{
	struct sleeper s = sleeper_start(500);
	time_t begin = time(NULL);

	CHECK(working_set(s.pid, "pages") >= 500);
	switch_set("/proc/sys/vm/swapper_idle_secs", "2");
	while (working_set(s.pid, "pages") > 10) {
		CHECK(time(NULL) - begin < 60);
		sleep_ms(100);
	}
	CHECK(time(NULL) - begin >= 1 && VMSTAT(processes_swapped_out) > 0);
	sleeper_finish(&s);
	vm_check();
	return 0;
}
