/*
 * An area with MADV_DONTFORK is not in the child, one with MADV_WIPEONFORK is zero there, each until the
 * opposite is said; locks are not inherited; the parent keeps all.
 *
 * rows: A13 A25 D1
 */
#include "maps.h"

static char *p;

static void child(void *again)
{
	CHECK(maps_count(p + 2 * PAGE, PAGE) == (again ? 1 : 0));
	CHECK(pages_hold(p, 2 * PAGE, 'f') && pages_hold(p + 3 * PAGE, PAGE, 'f'));
	CHECK(pages_hold(p + 4 * PAGE, 2 * PAGE, again ? 'f' : 0));
	touch_write(p + 4 * PAGE, 2 * PAGE, 'c');
	CHECK(pages_hold(p + 6 * PAGE, 2 * PAGE, 'f'));
}

int main(void)
{
	int fd = temp_file(PAGE);
	char *file = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), *shared = map_shared(PAGE);

	p = map_anon(8 * PAGE);
	touch_write(p, 8 * PAGE, 'f');
	CHECK(madvise(p + 2 * PAGE, PAGE, MADV_DONTFORK) == 0);
	CHECK(madvise(p + 4 * PAGE, 2 * PAGE, MADV_WIPEONFORK) == 0);
	CHECK(maps_count(p, 8 * PAGE) == 5);
	CHECK(child_run(child, NULL) == 0 && pages_hold(p, 8 * PAGE, 'f'));
	CHECK(madvise(p, 8 * PAGE, MADV_DOFORK) == 0);
	CHECK(madvise(p, 8 * PAGE, MADV_KEEPONFORK) == 0 && maps_count(p, 8 * PAGE) == 1);
	CHECK(child_run(child, p) == 0 && pages_hold(p, 8 * PAGE, 'f'));
	CHECK_ERRNO(madvise(file, PAGE, MADV_WIPEONFORK), EINVAL);
	CHECK_ERRNO(madvise(shared, PAGE, MADV_WIPEONFORK), EINVAL);
	return 0;
}
