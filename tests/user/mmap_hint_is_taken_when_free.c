/*
 * An address without MAP_FIXED is a hint: taken when it is free, else another place is found.
 *
 * rows: A16 B13
 */
#include "check.h"

static char *map_near(const char *hint, size_t bytes)
{
	char *p = mmap((void *)hint, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	CHECK(p != MAP_FAILED && (uintptr_t)p % PAGE == 0);
	touch_write(p, bytes, 'n');
	return p;
}

int main(void)
{
	char *low = (char *)0x20000000, *p;

	CHECK(map_near(low, 4 * PAGE) == low);
	memset(low, 'o', 4 * PAGE);
	p = map_near(low + PAGE, PAGE);
	CHECK(p < low || p >= low + 4 * PAGE);
	p = map_near(low - PAGE, 2 * PAGE); /* Its second page is taken. */
	CHECK(p != low - PAGE);
	/* The hint is rounded down. */
	CHECK(map_near(low + 8 * PAGE + 5, PAGE) == low + 8 * PAGE);
	p = map_near((char *)1, PAGE);
	CHECK((uintptr_t)p >= 4096);
	p = map_near((char *)-PAGE, 4 * PAGE);
	CHECK((uintptr_t)p < (uintptr_t)-4 * PAGE);
	CHECK(pages_hold(low, 4 * PAGE, 'o'));
	return 0;
}
