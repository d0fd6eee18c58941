/*
 * madvise refuses what its manual page says; over a hole it advises the rest and then says ENOMEM.
 *
 * rows: A13
 */
#include "maps.h"

#include <sys/syscall.h>

static int advise(void *p, size_t bytes, int advice)
{
	return syscall(SYS_madvise, p, bytes, advice);
}

int main(void)
{
	static const int fine[] = {MADV_NORMAL, MADV_RANDOM,   MADV_SEQUENTIAL, MADV_WILLNEED,
				   MADV_DOFORK, MADV_DONTDUMP, MADV_DODUMP,	MADV_KEEPONFORK,
				   MADV_COLD,	MADV_PAGEOUT};
	char *p = map_anon(6 * PAGE), *top = (char *)-(2 * PAGE);

	touch_write(p, 6 * PAGE, 'm');
	for (unsigned i = 0; i < sizeof(fine) / sizeof(*fine); i++)
		CHECK(advise(p, 6 * PAGE, fine[i]) == 0 && pages_hold(p, 6 * PAGE, 'm'));
	CHECK_ERRNO(advise(p, PAGE, 5), EINVAL);
	CHECK_ERRNO(advise(p, PAGE, -1), EINVAL);
	CHECK_ERRNO(advise(p, 0, 5), EINVAL);
	CHECK_ERRNO(advise(p + 1, PAGE, MADV_NORMAL), EINVAL);
	CHECK(advise(p, 0, MADV_DONTNEED) == 0 && advise(top, 0, MADV_DONTNEED) == 0);
	CHECK_ERRNO(advise(top, PAGE, MADV_DONTNEED), ENOMEM);
	CHECK_ERRNO(advise(p, PAGE, MADV_REMOVE), EINVAL);
	CHECK(munmap(p + 2 * PAGE, PAGE) == 0);
	CHECK_ERRNO(advise(p + PAGE, 4 * PAGE, MADV_DONTNEED), ENOMEM);
	CHECK(p[0] == 'm' && p[PAGE] == 0 && pages_hold(p + 3 * PAGE, 2 * PAGE, 0));
	CHECK(p[5 * PAGE] == 'm');
	CHECK(mlock(p, PAGE) == 0);
	CHECK_ERRNO(advise(p, PAGE, MADV_DONTNEED), EINVAL);
	CHECK_ERRNO(advise(p, PAGE, MADV_FREE), EINVAL);
	CHECK_ERRNO(advise(p, PAGE, MADV_COLD), EINVAL);
	CHECK(p[0] == 'm');
	return 0;
}
