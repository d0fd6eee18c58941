/*
 * Under the Windows personality kernel stacks stay in memory where there is no swap for them.
 *
 * rows: D21
 * quire-only
 * append: personality=windows
 */
#include "windows.h"

int main(void)
{
	struct sleeper s = sleeper_start(1);

	CHECK(stacks_settle() == 0 && VMSTAT(kstack_out) == 0);
	sleeper_finish(&s);
	vm_check();
	return 0;
}
