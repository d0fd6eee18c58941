/*
 * mlock and its kin refuse what their manual pages say: over holes, beyond the limit, without any right.
 *
 * rows: A13
 */
#include "locks.h"

static void limited(void *p)
{
	int rw = PROT_READ | PROT_WRITE, anon = MAP_PRIVATE | MAP_ANONYMOUS;

	limit_locks(8);
	CHECK_ERRNO(mlock(p, 9 * PAGE), ENOMEM);
	CHECK(locked_pages() == 0 && mlock(p, 8 * PAGE) == 0);
	CHECK(mlock(p, 4 * PAGE) == 0 && locked_pages() == 8); /* It is locked already. */
	CHECK_ERRNO(mlock(p + 16 * PAGE, PAGE), ENOMEM);
	CHECK_ERRNO(mmap(NULL, PAGE, rw, anon | MAP_LOCKED, -1, 0), EAGAIN);
	CHECK_ERRNO(mremap(p, 8 * PAGE, 64 * PAGE, MREMAP_MAYMOVE), EAGAIN);
	CHECK_ERRNO(mlockall(MCL_CURRENT), ENOMEM);
	CHECK(mlockall(MCL_FUTURE) == 0);
	CHECK_ERRNO(mmap(NULL, PAGE, rw, anon, -1, 0), EAGAIN);
	CHECK(munlockall() == 0 && locked_pages() == 0);
}

static void without_right(void *p)
{
	limit_locks(0);
	CHECK_ERRNO(mlock(p, PAGE), EPERM);
	CHECK_ERRNO(mlock(p, 0), EPERM);
	CHECK_ERRNO(mlockall(MCL_CURRENT), EPERM);
	CHECK_ERRNO(syscall(SYS_mmap2, NULL, PAGE, PROT_READ, /* musl's mmap says ENOMEM. */
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0),
		    EPERM);
	CHECK(munlock(p, PAGE) == 0 && munlockall() == 0);
}

int main(void)
{
	char *p = map_anon(32 * PAGE),
	     *none = mmap(NULL, PAGE, 0, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(none != MAP_FAILED);
	CHECK_ERRNO(lock2(p, PAGE, 2), EINVAL);
	CHECK_ERRNO(mlockall(0), EINVAL);
	CHECK_ERRNO(mlockall(8), EINVAL);
	CHECK_ERRNO(mlockall(MCL_ONFAULT), EINVAL);
	CHECK(mlock(p, 0) == 0 && munlock(p, 0) == 0);
	CHECK_ERRNO(mlock(none, PAGE), ENOMEM); /* Locked, but no page can be had. */
	CHECK(locked_pages() == 1 && munlock(none, PAGE) == 0);
	CHECK(munmap(p + 16 * PAGE, PAGE) == 0);
	CHECK_ERRNO(mlock(p + 14 * PAGE, 4 * PAGE), ENOMEM);
	CHECK(locked_pages() == 2); /* Up to the hole. */
	CHECK_ERRNO(munlock(p + 14 * PAGE, 4 * PAGE), ENOMEM);
	CHECK(locked_pages() == 0);
	CHECK(child_run(limited, p) == 0 && child_run(without_right, p) == 0);
	return 0;
}
