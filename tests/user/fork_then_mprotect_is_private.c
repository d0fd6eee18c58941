/*
 * mprotect, munmap and mmap after fork change only the memory of who calls them.
 *
 * rows: A7 A25 D30
 */
#include "maps.h"
#include "probe.h"

#define BYTES (16 * PAGE)

static void change_all(void *arg)
{
	char *p = arg;

	CHECK(mprotect(p, 4 * PAGE, PROT_NONE) == 0);
	CHECK(munmap(p + 4 * PAGE, 4 * PAGE) == 0);
	CHECK(mmap(p + 8 * PAGE, 4 * PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + 8 * PAGE);
	touch_write(p + 8 * PAGE, 4 * PAGE, 'c');
	CHECK(mprotect(p, 4 * PAGE, PROT_READ | PROT_WRITE) == 0);
	CHECK(pages_hold(p, 4 * PAGE, 'p'));
	touch_write(p, 4 * PAGE, 'c');
	CHECK(probe_read(p + 4 * PAGE).number == SIGSEGV &&
	      pages_hold(p + 8 * PAGE, BYTES / 4, 'c'));
}

int main(void)
{
	char *p = map_anon(BYTES);

	touch_write(p, BYTES, 'p');
	CHECK(child_run(change_all, p) == 0);
	CHECK(pages_hold(p, BYTES, 'p') && maps_count(p, BYTES) == 1);
	touch_write(p, BYTES, 'q');
	CHECK(pages_hold(p, BYTES, 'q'));
	return 0;
}
