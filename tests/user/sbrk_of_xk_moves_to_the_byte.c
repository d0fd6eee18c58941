/*
 * xk's sbrk gives the old break and moves it by bytes; pages come when they are touched, one for the bytes in it; what
 * cannot be is -1.
 * rows: C5 C6 C7 C8 C26
 * quire-only
 * append: lab=xk
 */
#include "course.h"

int main(void)
{
	char *start = iitj_mmap(PAGE), *end = start + PAGE;
	int free;

	CHECK(xk_sbrk(0) == end && xk_sbrk(1) == end);
	*end = 1; /* The page table, too. */
	free = getNumFreePages();
	CHECK(xk_sbrk(100) == end + 1);
	memset(end, 1, 101);
	CHECK(getNumFreePages() == free);
	for (int i = 0; i < 5000; i++)
		CHECK(xk_sbrk(1) == end + 101 + i);
	memset(end, 1, 5101);
	CHECK(getNumFreePages() == free - 1);
	CHECK(xk_sbrk(-5101) == end + 5101 && xk_sbrk(0) == end && getNumFreePages() >= free + 1);
	CHECK(xk_sbrk(INT32_MAX) == (char *)-1 && xk_sbrk(INT32_MIN) == (char *)-1);
	CHECK(xk_sbrk(-0x70000000) == (char *)-1 && errno == EINVAL); /* 4 GiB lower is no place. */
	CHECK(xk_sbrk(-(int)PAGE) == end && xk_sbrk(-1) == (char *)-1 && xk_sbrk(0) == start);
}
