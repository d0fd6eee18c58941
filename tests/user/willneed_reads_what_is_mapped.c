/*
 * MADV_WILLNEED brings the pages of a mapped file into memory, so that touching them reads nothing.
 *
 * rows: A13 A18
 * disk: 16M
 * quire-only
 */
#include "counters.h"

#define PAGES 40

static int pages_in_memory(char *p)
{
	unsigned char vec[PAGES];
	int n = 0;

	CHECK(mincore(p, PAGES * PAGE, vec) == 0);
	for (int i = 0; i < PAGES; i++)
		n += vec[i] & 1;
	return n;
}

int main(void)
{
	int fd = temp_file(PAGES * PAGE);
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	long faults;

	CHECK(p != MAP_FAILED && fsync(fd) == 0);
	switch_set("/proc/sys/vm/drop_caches", "1");
	CHECK(pages_in_memory(p) == 0);
	CHECK(madvise(p + 4 * PAGE, 20 * PAGE, MADV_WILLNEED) == 0 && pages_in_memory(p) == 20);
	CHECK(madvise(p, PAGES * PAGE, MADV_WILLNEED) == 0 && pages_in_memory(p) == PAGES);
	faults = VMSTAT(pgmajfault);
	for (int i = 0; i < PAGES; i++)
		CHECK(p[i * PAGE] == i + 1);
	CHECK(VMSTAT(pgmajfault) == faults);
	CHECK_ERRNO(madvise(p + (PAGES - 1) * PAGE, 1 << 30, MADV_WILLNEED), ENOMEM);
	return 0;
}
