/*
 * Touching a file's pages in order is one major fault for seven of them, of a private mapping that may be
 * written for three, and for as many as vm/fault_cluster says; a random reader gets only what he touches.
 *
 * rows: A34
 * quire-only
 * disk: 16M -b 1024
 * lab: clusters
 */
#include "counters.h"

#include <sys/resource.h>

#define PAGES 70

static int file;

/* Major faults of touching all pages of a fresh mapping, none of which is in memory. */
static long faults(int prot, int flags, int advice)
{
	struct rusage before, after;
	char *p;

	CHECK(fsync(file) == 0 && posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0);
	p = mmap(NULL, PAGES * PAGE, prot, flags, file, 0);
	CHECK(p != MAP_FAILED && madvise(p, PAGES * PAGE, advice) == 0);
	CHECK(getrusage(RUSAGE_SELF, &before) == 0);
	for (int i = 0; i < PAGES; i++)
		CHECK(p[i * PAGE] == (char)(i + 1));
	CHECK(getrusage(RUSAGE_SELF, &after) == 0);
	CHECK(munmap(p, PAGES * PAGE) == 0);
	return after.ru_majflt - before.ru_majflt;
}

int main(void)
{
	int rw = PROT_READ | PROT_WRITE;

	file = temp_file(PAGES * PAGE);
	CHECK(faults(PROT_READ, MAP_PRIVATE, MADV_NORMAL) == PAGES / 7);
	CHECK(faults(rw, MAP_SHARED, MADV_NORMAL) == PAGES / 7);
	CHECK(faults(rw, MAP_PRIVATE, MADV_NORMAL) == (PAGES + 2) / 3);
	CHECK(faults(PROT_READ, MAP_PRIVATE, MADV_RANDOM) == PAGES);
	switch_set("/proc/sys/vm/fault_cluster", "1");
	CHECK(faults(PROT_READ, MAP_PRIVATE, MADV_NORMAL) == PAGES);
	CHECK(faults(rw, MAP_PRIVATE, MADV_NORMAL) == PAGES);
	switch_set("/proc/sys/vm/fault_cluster", "16");
	CHECK(faults(PROT_READ, MAP_PRIVATE, MADV_NORMAL) == (PAGES + 15) / 16);
	CHECK(faults(rw, MAP_PRIVATE, MADV_NORMAL) == (PAGES + 2) / 3);
	file = open("/proc/sys/vm/fault_cluster", O_WRONLY);
	CHECK_ERRNO(write(file, "0", 1), EINVAL);
	CHECK_ERRNO(write(file, "17", 2), EINVAL);
	CHECK(counter("/proc/vmstat", "pgmajfault") > 0);
	return 0;
}
