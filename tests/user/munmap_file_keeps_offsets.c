/*
 * After the head or the middle of a file mapping was unmapped, the rest still shows its own part of
 * the file.
 *
 * rows: A21 A23 E13
 */
#include "maps.h"

#define PAGES 10

int main(void)
{
	int fd = temp_file(PAGES * PAGE);
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	char *q = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 6 * PAGE);

	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	CHECK(munmap(p, 3 * PAGE) == 0);
	CHECK(munmap(p + 5 * PAGE, PAGE) == 0);
	CHECK(maps_count(p, PAGES * PAGE) == 2);
	for (int i = 3; i < PAGES; i++)
		CHECK(i == 5 || (p[i * PAGE] == i + 1 && p[i * PAGE + PAGE - 1] == i + 1));
	for (int i = 0; i < 4; i++)
		CHECK(q[i * PAGE] == i + 7);
	return 0;
}
