/*
 * With stackgrow=xk any touch within the first ten pages grows the stack, and the eleventh page
 * kills.
 *
 * rows: C13 C14
 * quire-only
 * append: stackgrow=xk
 * lab: stack
 */
#include "probe.h"
#include "stack.h"

int main(void)
{
	char *end = stack_end();

	CHECK(probe_is_segv(probe_write(end - 11 * PAGE), SEGV_MAPERR, end - 11 * PAGE));
	CHECK(probe_is_segv(probe_write(end - 10 * PAGE - 1), SEGV_MAPERR, end - 10 * PAGE - 1));
	CHECK(probe_read(end - 10 * PAGE).number == 0);
	CHECK(probe_write(end - 10 * PAGE).number == 0);
	CHECK(probe_write(end).number == SIGSEGV);
	return 0;
}
