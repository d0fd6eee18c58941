/*
 * Pages that come into a mapping with a neighbour that was touched are inside the mapping and the file.
 *
 * rows: A34
 */
#include "probe.h"
#include "procfs.h"

#define PAGES 14

/* Pages from the n-th to the last are behind the end of the file. */
static void check_end(char *p, int n)
{
	for (int i = n; i < 16; i++)
		CHECK(!(pagemap_at(p + i * PAGE) & PM_PRESENT));
	CHECK(probe_read(p + n * PAGE).number == SIGBUS);
}

int main(void)
{
	int fd = temp_file(PAGES * PAGE - 5), rw = PROT_READ | PROT_WRITE;
	char *p = mmap(NULL, 16 * PAGE, rw, MAP_SHARED, fd, 0);

	CHECK(p != MAP_FAILED);
	CHECK(p[3 * PAGE] == 4);
	check_end(p, PAGES);
	CHECK(ftruncate(fd, 5 * PAGE) == 0);
	CHECK(p[4 * PAGE] == 5);
	check_end(p, 5);
	CHECK(munmap(p, 16 * PAGE) == 0);
	/* A hole on each side of the only page that is mapped. */
	p = mmap(map_anon(16 * PAGE), 16 * PAGE, PROT_NONE, MAP_FIXED | MAP_SHARED, fd, 0);
	CHECK(mprotect(p + 2 * PAGE, PAGE, rw) == 0 && p[2 * PAGE] == 3);
	for (int i = 0; i < 16; i++)
		CHECK(i == 2 || !(pagemap_at(p + i * PAGE) & PM_PRESENT));
	return 0;
}
