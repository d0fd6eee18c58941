/*
 * The compressed pool keeps to its share of memory: what is oldest, and what does not compress, goes to the
 * disk; turned off it takes nothing more. No page is lost.
 *
 * rows: A48
 * mem: 64M
 * swap: 64M
 * append: zpool=1
 * quire-only
 */
#include "pool.h"

#define PAGES 1024

static long put_out(char *memory, enum contents contents)
{
	long written = VMSTAT(pswpout);

	pages_fill(memory, PAGES, contents);
	CHECK(madvise(memory, PAGES * PAGE, MADV_PAGEOUT) == 0);
	return VMSTAT(pswpout) - written;
}

int main(void)
{
	char *memory = map_anon(PAGES * PAGE);
	long share = MEMINFO(MemTotal) / 100;

	CHECK(vm_zpool());
	CHECK(put_out(memory, NOISE) >= PAGES && VMSTAT(zpool_rejected) >= PAGES);
	CHECK(pages_are(memory, PAGES, NOISE));
	switch_set("/proc/sys/vm/zpool_max_percent", "1");
	CHECK(put_out(memory, TEXT) > 0 && VMSTAT(zswpwb) > 0);
	CHECK(MEMINFO(Zswap) > 0 && MEMINFO(Zswap) <= share);
	vm_check();
	switch_set("/proc/sys/vm/zpool", "0");
	CHECK(pages_are(memory, PAGES, TEXT));
	CHECK(put_out(memory, FILLED) >= PAGES);
	CHECK(pages_are(memory, PAGES, FILLED));
	vm_check();
	return 0;
}
