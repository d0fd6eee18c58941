/*
 * A read of a hole into a buffer that ends in nothing gives zeroes up to there and tells how many.
 *
 * rows: E36
 */
#include "check.h"

int main(void)
{
	char *p = map_anon(2 * PAGE);
	int fd = temp_file(0);

	CHECK(munmap(p + PAGE, PAGE) == 0 && ftruncate(fd, 3 * PAGE) == 0);
	memset(p, 'x', PAGE);
	CHECK(pread(fd, p + PAGE - 10, 100, PAGE) == 10);
	CHECK(p[PAGE - 11] == 'x' && p[PAGE - 10] == 0 && p[PAGE - 1] == 0);
	CHECK(pread(fd, p + 100, 2 * PAGE, PAGE - 1000) == PAGE - 100 && p[100] == 0);
	return 0;
}
