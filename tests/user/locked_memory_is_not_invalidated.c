/*
 * msync with MS_INVALIDATE refuses memory that is locked, behind a hole as well.
 *
 * rows: A13
 */
#include "check.h"

int main(void)
{
	char *p = map_anon(3 * PAGE);

	CHECK(munmap(p + PAGE, PAGE) == 0 && mlock(p + 2 * PAGE, PAGE) == 0);
	CHECK(msync(p + 2 * PAGE, PAGE, MS_SYNC) == 0);
	CHECK_ERRNO(msync(p + 2 * PAGE, PAGE, MS_SYNC | MS_INVALIDATE), EBUSY);
	CHECK_ERRNO(msync(p, 3 * PAGE, MS_INVALIDATE), EBUSY);
	CHECK_ERRNO(msync(p, 3 * PAGE, MS_SYNC), ENOMEM);
	CHECK_ERRNO(msync(p, 2 * PAGE, MS_INVALIDATE), ENOMEM);
	return 0;
}
