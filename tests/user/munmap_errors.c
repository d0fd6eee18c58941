/*
 * munmap refuses unaligned, empty and impossible ranges with EINVAL and takes nothing away.
 *
 * rows: A13 E37
 */
#include "check.h"

int main(void)
{
	char *p = map_anon(4 * PAGE);

	touch_write(p, 4 * PAGE, 'm');
	CHECK_ERRNO(munmap(p + 1, PAGE), EINVAL);
	CHECK_ERRNO(munmap(p, 0), EINVAL);
	CHECK_ERRNO(munmap(p, -1), EINVAL);
	CHECK_ERRNO(munmap(p, -PAGE), EINVAL);
	CHECK_ERRNO(munmap((char *)-PAGE, PAGE), EINVAL);
	CHECK_ERRNO(munmap((char *)-PAGE, 2 * PAGE), EINVAL);
	CHECK_ERRNO(munmap(NULL, (size_t)-PAGE + 1), EINVAL);
	CHECK(pages_hold(p, 4 * PAGE, 'm'));
	return 0;
}
