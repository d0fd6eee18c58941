/*
 * mremap refuses what its manual page says, with that error, and changes nothing.
 *
 * rows: A13 E39
 */
#include "maps.h"

#include <sys/resource.h>
#include <sys/syscall.h>

#define MAYMOVE MREMAP_MAYMOVE
#define FIXED (MREMAP_MAYMOVE | MREMAP_FIXED)

static void *remap(void *old, size_t old_len, size_t new_len, int flags, void *new)
{
	return (void *)syscall(SYS_mremap, old, old_len, new_len, flags, new);
}

int main(void)
{
	char *p = map_anon(16 * PAGE), *top = (char *)-(16 * PAGE);
	struct rlimit limit = {1ul << 30, 1ul << 30};

	CHECK(mprotect(p + 4 * PAGE, PAGE, PROT_READ) == 0 && munmap(p + 8 * PAGE, PAGE) == 0);
	touch_write(p, 4 * PAGE, 'e');
	CHECK_ERRNO(remap(p, PAGE, PAGE, 8, NULL), EINVAL);
	CHECK_ERRNO(remap(p, PAGE, PAGE, MREMAP_FIXED, p + 9 * PAGE), EINVAL);
	CHECK_ERRNO(remap(p, PAGE, 2 * PAGE, MAYMOVE | MREMAP_DONTUNMAP, NULL), EINVAL);
	CHECK_ERRNO(remap(p, PAGE, PAGE, MREMAP_DONTUNMAP, NULL), EINVAL);
	CHECK_ERRNO(remap(p + 1, PAGE, PAGE, 0, NULL), EINVAL);
	CHECK_ERRNO(remap(p, PAGE, 0, MAYMOVE, NULL), EINVAL);
	CHECK_ERRNO(remap(p, PAGE, -1, MAYMOVE, NULL), EINVAL); /* Rounds up to nothing. */
	CHECK_ERRNO(remap(p, 0, PAGE, MAYMOVE, NULL), EINVAL);	/* Not shared. */
	CHECK_ERRNO(remap(p + 8 * PAGE, PAGE, 2 * PAGE, MAYMOVE, NULL), EFAULT);
	CHECK_ERRNO(remap(top, PAGE, 2 * PAGE, MAYMOVE, NULL), EFAULT);
	CHECK_ERRNO(remap(p, 5 * PAGE, 6 * PAGE, MAYMOVE, NULL), EFAULT); /* Two areas. */
	CHECK_ERRNO(remap(p + 5 * PAGE, 4 * PAGE, 6 * PAGE, MAYMOVE, NULL), EFAULT); /* A hole. */
	CHECK_ERRNO(remap(p, 4 * PAGE, 5 * PAGE, 0, NULL), ENOMEM);		     /* No room. */
	CHECK_ERRNO(remap(p, PAGE, PAGE, FIXED, p + 9 * PAGE + 1), EINVAL);
	CHECK_ERRNO(remap(p, 4 * PAGE, 4 * PAGE, FIXED, p + 3 * PAGE), EINVAL); /* Overlap. */
	CHECK_ERRNO(remap(p + 3 * PAGE, PAGE, 4 * PAGE, FIXED, p), EINVAL);
	CHECK_ERRNO(remap(p, PAGE, PAGE, FIXED, (char *)-PAGE), EINVAL);
	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	CHECK_ERRNO(remap(p, 4 * PAGE, 1u << 30, MAYMOVE, NULL), ENOMEM);
	CHECK(maps_count(p, 16 * PAGE) == 4 && pages_hold(p, 4 * PAGE, 'e'));
	return 0;
}
