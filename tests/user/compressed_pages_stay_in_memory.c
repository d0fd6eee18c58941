/*
 * With the compressed pool pages that are put out need no disk and little memory, and come back as they
 * were; without it each of them is written to the disk.
 *
 * rows: A48
 * swap: 64M
 * quire-only
 */
#include "pool.h"

#define PAGES 1024

/* Disk writes while these pages are out and come back. */
static long put_out_and_use(char *memory, enum contents contents)
{
	long written = VMSTAT(pswpout);

	pages_fill(memory, PAGES, contents);
	CHECK(madvise(memory, PAGES * PAGE, MADV_PAGEOUT) == 0);
	if (vm_zpool()) {
		long taken = MEMINFO(Zswap), kept = MEMINFO(Zswapped);

		CHECK(kept >= (long)(PAGES * PAGE / 1024));
		CHECK(contents == FILLED ? taken == 0 : taken > 0 && taken < kept / 2);
	}
	CHECK(pages_are(memory, PAGES, contents));
	vm_check();
	return VMSTAT(pswpout) - written;
}

int main(void)
{
	char *memory = map_anon(PAGES * PAGE);

	switch_set("/proc/sys/vm/zpool", "0");
	CHECK(put_out_and_use(memory, TEXT) >= PAGES);
	CHECK(put_out_and_use(memory, FILLED) >= PAGES);
	switch_set("/proc/sys/vm/zpool", "1");
	CHECK(put_out_and_use(memory, TEXT) == 0);
	CHECK(put_out_and_use(memory, FILLED) == 0);
	CHECK(VMSTAT(zpool_same_filled) >= PAGES && VMSTAT(zswpout) >= 2 * PAGES);
	CHECK(VMSTAT(zswpin) >= 2 * PAGES);
	CHECK(munmap(memory, PAGES * PAGE) == 0);
	CHECK(MEMINFO(Zswapped) == 0 && MEMINFO(Zswap) == 0);
	return 0;
}
