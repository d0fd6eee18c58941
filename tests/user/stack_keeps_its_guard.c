/*
 * The stack never grows into another mapping, nor closer to it than a guard gap.
 *
 * rows: C14
 * lab: stack
 */
#include "probe.h"
#include "stack.h"

int main(void)
{
	char *start = stack_start();
	char *wall = (char *)(((uintptr_t)start - (2 << 20)) & ~(PAGE - 1));

	CHECK(mmap(wall, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		   0) == wall);
	memset(wall, 'w', PAGE);
	CHECK(probe_is_segv(probe_write(wall + PAGE), SEGV_MAPERR, wall + PAGE));
	CHECK(probe_is_segv(probe_read(wall + 100 * PAGE), SEGV_MAPERR, wall + 100 * PAGE));
	CHECK(probe_write(wall + 300 * PAGE).number == 0);
	CHECK(pages_hold(wall, PAGE, 'w'));
	CHECK(munmap(wall, PAGE) == 0);
	CHECK(probe_write(wall + PAGE).number == 0);
	return 0;
}
