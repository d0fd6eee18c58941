/*
 * MADV_DONTNEED makes private memory as it was at first: zero, or what the file holds; a shared page only leaves
 * the page table. MADV_FREE may do so until the page is written again.
 *
 * rows: A13 A18 A22
 */
#include "counters.h"

int main(void)
{
	int fd = temp_file(4 * PAGE);
	char *file = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *same = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *p = map_anon(2 * TABLE_SPAN), *shared = map_shared(PAGE);

	CHECK(file != MAP_FAILED && same != MAP_FAILED);
	touch_write(p, 2 * TABLE_SPAN, 'd');
	CHECK(madvise(p + 3 * PAGE, TABLE_SPAN + PAGE - 1, MADV_DONTNEED) == 0);
	CHECK(pages_hold(p, 3 * PAGE, 'd') && pages_hold(p + 3 * PAGE, TABLE_SPAN + PAGE, 0));
	CHECK(pages_hold(p + TABLE_SPAN + 4 * PAGE, TABLE_SPAN - 4 * PAGE, 'd'));

	touch_write(file, 4 * PAGE, 'f');
	CHECK(madvise(file + PAGE, 2 * PAGE, MADV_DONTNEED) == 0);
	CHECK(file[0] == 'f' && file[PAGE] == 2 && file[2 * PAGE] == 3 && file[3 * PAGE] == 'f');
	same[PAGE] = 's';
	shared[0] = 's';
	CHECK(madvise(same, 4 * PAGE, MADV_DONTNEED) == 0 && same[PAGE] == 's' && same[0] == 1);
	CHECK(madvise(shared, PAGE, MADV_DONTNEED) == 0 && shared[0] == 's');

	CHECK(madvise(p, 2 * PAGE, MADV_FREE) == 0);
	p[0] = 'n';
	CHECK(p[0] == 'n' && (p[PAGE] == 0 || p[PAGE] == 'd'));
	CHECK_ERRNO(madvise(file, PAGE, MADV_FREE), EINVAL);
	return 0;
}
