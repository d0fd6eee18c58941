/*
 * Sharing pages by copy-on-write gives no right that was not there: writing to text or read-only
 * memory after fork kills.
 *
 * rows: C17 E8 B29
 */
#include "probe.h"

static const char constant[PAGE] = "read-only";

static void write_all(void *map)
{
	CHECK(probe_is_segv(probe_write((char *)strlen), SEGV_ACCERR, (char *)strlen));
	CHECK(probe_is_segv(probe_write(constant), SEGV_ACCERR, constant));
	CHECK(probe_is_segv(probe_write(map), SEGV_ACCERR, map));
	CHECK(*(char *)map == 'm' && constant[0] == 'r');
}

int main(void)
{
	char *map = map_anon(PAGE);

	*map = 'm';
	CHECK(mprotect(map, PAGE, PROT_READ) == 0);
	CHECK(child_run(write_all, map) == 0);
	write_all(map);
	CHECK(child_signal(access_write, (void *)constant) == SIGSEGV);
	CHECK(child_signal(access_write, map) == SIGSEGV);
	return 0;
}
