/*
 * The stack grows down to RLIMIT_STACK and not a byte further.
 *
 * rows: C14 E52
 * lab: stack
 */
#include "probe.h"
#include "stack.h"

#include <sys/resource.h>

#define LIMIT (1u << 20)

int main(void)
{
	struct rlimit old, limit;
	char *end = stack_end(), *lowest = end - LIMIT;

	CHECK(getrlimit(RLIMIT_STACK, &old) == 0);
	limit = (struct rlimit){LIMIT, old.rlim_max};
	CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
	CHECK(probe_is_segv(probe_read(lowest - 1), SEGV_MAPERR, lowest - 1));
	CHECK(probe_is_segv(probe_write(lowest - PAGE), SEGV_MAPERR, lowest - PAGE));
	CHECK(probe_write(lowest + 2 * PAGE).number == 0);
	CHECK(probe_write(lowest).number == 0);
	CHECK(probe_is_segv(probe_write(lowest - 1), SEGV_MAPERR, lowest - 1));
	CHECK(setrlimit(RLIMIT_STACK, &old) == 0);
	CHECK(probe_write(lowest - 1).number == 0);
	return 0;
}
