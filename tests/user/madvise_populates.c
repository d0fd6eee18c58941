/*
 * MADV_POPULATE_READ and _WRITE bring all pages in, or say which way they cannot: a hole ENOMEM, no right
 * EINVAL, no page EFAULT.
 *
 * rows: A13 A18
 */
#include "check.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

static int resident(void *p, size_t pages)
{
	unsigned char vec[64];
	int n = 0;

	CHECK(mincore(p, pages * PAGE, vec) == 0);
	while (pages-- > 0)
		n += vec[pages] & 1;
	return n;
}

int main(void)
{
	int fd = temp_file(3 * PAGE);
	char *p = map_anon(32 * PAGE);
	char *file = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	CHECK(file != MAP_FAILED && resident(p, 32) == 0);
	CHECK(madvise(p, 8 * PAGE, MADV_POPULATE_WRITE) == 0 && resident(p, 32) == 8);
	CHECK(madvise(p + 8 * PAGE, 8 * PAGE, MADV_POPULATE_READ) == 0 && resident(p, 32) == 16);
	CHECK(mprotect(p + 20 * PAGE, PAGE, PROT_READ) == 0);
	CHECK_ERRNO(madvise(p + 16 * PAGE, 8 * PAGE, MADV_POPULATE_WRITE), EINVAL);
	CHECK(resident(p, 32) == 20);
	CHECK(madvise(p + 16 * PAGE, 8 * PAGE, MADV_POPULATE_READ) == 0);
	CHECK(mprotect(p + 20 * PAGE, PAGE, PROT_NONE) == 0);
	CHECK_ERRNO(madvise(p + 16 * PAGE, 8 * PAGE, MADV_POPULATE_READ), EINVAL);
	CHECK(munmap(p + 26 * PAGE, PAGE) == 0);
	CHECK_ERRNO(madvise(p + 24 * PAGE, 8 * PAGE, MADV_POPULATE_READ), ENOMEM);
	CHECK(resident(p + 24 * PAGE, 2) == 2 && resident(p + 27 * PAGE, 5) == 0);
	CHECK(madvise(file, 3 * PAGE, MADV_POPULATE_WRITE) == 0 && file[2 * PAGE] == 3);
	CHECK_ERRNO(madvise(file, 4 * PAGE, MADV_POPULATE_READ), EFAULT);
	return 0;
}
