/*
 * mremap looks at everything before it unmaps what is at the new place; lengths that are the same number of pages
 * are the same.
 *
 * rows: A13
 */
#include "check.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

int main(void)
{
	char *p = map_anon(8 * PAGE), *to = p + 4 * PAGE;
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;

	p[0] = 'p', *to = 't';
	CHECK_ERRNO(mremap(p, 0, PAGE, flags, to), EINVAL); /* Private memory has no second view. */
	CHECK(munmap(p + PAGE, PAGE) == 0);
	CHECK_ERRNO(mremap(p, 2 * PAGE, 3 * PAGE, flags, to), EFAULT);
	CHECK_ERRNO(mremap(p + PAGE, 4 * PAGE, PAGE, flags, p + 2 * PAGE), EINVAL);
	CHECK(*to == 't');
	CHECK(mremap(to, 100, PAGE, flags | MREMAP_DONTUNMAP, p + PAGE) == p + PAGE);
	CHECK(p[PAGE] == 't' && *to == 0);
	return 0;
}
