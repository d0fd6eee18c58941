/*
 * When programs lock more memory than is left beside the compressed pool, its pages go on to the disk, and come back as
 * they were.
 *
 * rows: A43 A48
 * quire-only
 * mem: 32M
 * swap: 96M
 * timeout: 120
 */
#include "outgrow.h"

#include "counters.h"

#define PAGES (24u * 256)
#define LOCKED (23u << 20)

static void lock(void *arg)
{
	(void)arg;
	CHECK(mlock(map_anon(LOCKED), LOCKED) == 0);
}

int main(void)
{
	uint32_t *p = (uint32_t *)map_anon(PAGES * PAGE);

	switch_set("/proc/sys/vm/zpool", "1");
	switch_set("/proc/sys/vm/zpool_max_percent", "60");
	for (uint32_t n = 0; n < PAGES; n++) /* All compress. */
		page_fill(p + n * PAGE_WORDS, 1, 2 * n);
	CHECK(madvise(p, PAGES * PAGE, MADV_PAGEOUT) == 0);
	CHECK(counter("/proc/meminfo", "Zswap") > 7 << 10);
	CHECK(child_run(lock, NULL) == 0);
	CHECK(counter("/proc/meminfo", "Zswap") < 7 << 10);
	for (uint32_t n = 0; n < PAGES; n++)
		CHECK(page_is(p + n * PAGE_WORDS, 1, 2 * n));
	return 0;
}
