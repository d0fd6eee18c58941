/*
 * Nothing grows upwards: the address at the end of the stack, and those past any mapping, die.
 *
 * rows: C14 A19 B11 E9
 */
#include "probe.h"
#include "stack.h"

int main(void)
{
	char *end = stack_end();
	char *p = map_anon(3 * PAGE);

	CHECK(munmap(p + 2 * PAGE, PAGE) == 0 && munmap(p, PAGE) == 0);
	p += PAGE;
	CHECK(probe_is_segv(probe_write(end), SEGV_MAPERR, end));
	CHECK(probe_is_segv(probe_read(end), SEGV_MAPERR, end));
	CHECK(probe_is_segv(probe_write(p + PAGE), SEGV_MAPERR, p + PAGE));
	CHECK(probe_is_segv(probe_write(p - 1), SEGV_MAPERR, p - 1));
	CHECK(probe_write(end - 1).number == 0 || maps_at(end - 1).end == (uintptr_t)end);
	return 0;
}
