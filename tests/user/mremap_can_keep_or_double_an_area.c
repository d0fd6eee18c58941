/*
 * mremap of length 0 maps a shared area a second time; with MREMAP_DONTUNMAP the old area stays, empty; with
 * MREMAP_FIXED what is in the way goes.
 *
 * rows: A12 A13 E42
 */
#include "maps.h"

int main(void)
{
	char *shared = map_shared(4 * PAGE), *twin, *p = map_anon(4 * PAGE), *q;
	char *target = map_anon(8 * PAGE);

	shared[PAGE] = 's';
	twin = mremap(shared + PAGE, 0, 2 * PAGE, MREMAP_MAYMOVE);
	CHECK(twin != MAP_FAILED && twin != shared && twin[0] == 's' && shared[PAGE] == 's');
	twin[PAGE] = 't';
	CHECK(shared[2 * PAGE] == 't');

	touch_write(p, 4 * PAGE, 'k');
	q = mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
	CHECK(q != MAP_FAILED && q != p && pages_hold(q, 4 * PAGE, 'k'));
	CHECK(pages_hold(p, 4 * PAGE, 0) && maps_is(p, "rw-p"));

	touch_write(target, 8 * PAGE, 'x');
	CHECK(mremap(q, 4 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target + PAGE) ==
	      target + PAGE);
	CHECK(target[0] == 'x' && pages_hold(target + PAGE, 2 * PAGE, 'k'));
	CHECK(pages_hold(target + 3 * PAGE, 5 * PAGE, 'x') && maps_count(q, 4 * PAGE) == 0);
	CHECK(mprotect(p, PAGE, PROT_READ) == 0);
	q = mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE); /* Rights go along. */
	CHECK(q != MAP_FAILED && maps_is(q + PAGE, "r--p"));
	return 0;
}
