/*
 * A program starts with one area for its stack, of which only pages at its end are in memory; where it may not grow,
 * the page below is out of reach.
 * rows: C12 E49
 */
#include "probe.h"
#include "procfs.h"
#include "stack.h"

#include <sys/resource.h>

int main(void)
{
	char here, *start = stack_start(), *end = stack_end();
	struct rlimit limit;

	CHECK(text_sum(smaps_area(&here), "Rss") <= 64);
	CHECK(text_sum(smaps_area(&here), "Rss") >= 4);
	CHECK(getrlimit(RLIMIT_STACK, &limit) == 0);
	limit.rlim_cur = (rlim_t)(end - start);
	CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
	CHECK(probe_is_segv(probe_write(start - 1), SEGV_MAPERR, start - 1));
	CHECK(probe_read(start).number == 0 && stack_start() == start);
}
