/*
 * Eight new stack pages take eight frames when written, none when only read; the pages between are
 * not filled in.
 *
 * rows: B26 C13
 * quire-only
 * lab: stack
 */
#include "counters.h"
#include "stack.h"

int main(void)
{
	char *start = stack_start();
	long anon = VMSTAT(fault_anon), grown = VMSTAT(fault_stack);

	touch_write(start - 8 * PAGE, 8 * PAGE, 1);
	CHECK(VMSTAT(fault_anon) - anon == 8);
	CHECK(VMSTAT(fault_stack) - grown == 1); /* The lowest page came first. */
	touch_read(start - 16 * PAGE, 8 * PAGE);
	CHECK(VMSTAT(fault_anon) - anon == 8);
	start[-40 * (int)PAGE] = 1;
	CHECK(VMSTAT(fault_anon) - anon == 9);
	CHECK(VMSTAT(fault_stack) - grown == 3);
	return 0;
}
