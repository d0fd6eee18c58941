/*
 * Under the Windows personality a process that grows takes frames from others only above their minimum; the
 * balance-set manager trims them before that.
 *
 * rows: D15 D17 D18 D20
 * quire-only
 * mem: 24M
 * swap: 64M
 * timeout: 180
 * append: personality=windows
 * lab: balance
 */
#include "windows.h"

#define GROWN (6000 * PAGE)

int main(void)
{
	struct sleeper s = sleeper_start(600);
	long minimum = working_set(s.pid, "minimum"), runs = VMSTAT(balance_run);
	char *p = mmap(NULL, GROWN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(minimum == 50 && working_set(s.pid, "pages") >= 600 && p != MAP_FAILED);
	for (int round = 0; round < 2; round++) {
		for (size_t at = 0; at < GROWN; at += PAGE)
			p[at] = (char)(at / PAGE + round);
		CHECK(working_set(s.pid, "pages") >= minimum);
	}
	CHECK(working_set(s.pid, "pages") < 600);
	while (VMSTAT(balance_run) == runs || VMSTAT(balance_trim) == 0) {
		touch_write(p, GROWN, 1);
		CHECK(working_set(s.pid, "pages") >= minimum);
	}
	sleeper_finish(&s);
	vm_check();
	return 0;
}
