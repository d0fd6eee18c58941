/*
 * smaps counts a page that a child has too as shared, half of it in Pss, until one of the two writes.
 *
 * rows: B15 B16 D33
 * lab: cow
 */
#include "procfs.h"

static char *private, *shared;

/* Of 16 pages of p, shared are also somebody else's. */
static void expect(const char *p, long shared_pages)
{
	char *area = smaps_area(p);

	CHECK(text_sum(area, "Rss") == 16 * 4);
	CHECK(text_sum(area, "Shared_Dirty") == shared_pages * 4);
	CHECK(text_sum(area, "Private_Dirty") == (16 - shared_pages) * 4);
	CHECK(text_sum(area, "Pss") == (16 - shared_pages) * 4 + shared_pages * 2);
	CHECK(text_sum(area, "Shared_Clean") + text_sum(area, "Private_Clean") == 0);
}

static void child(void *arg)
{
	(void)arg;
	expect(private, 16);
	touch_read(shared, 16 * PAGE); /* Linux leaves the child's table of shared memory empty. */
	expect(shared, 16);
	touch_write(private, 4 * PAGE, 2);
	expect(private, 12);
}

int main(void)
{
	private = map_anon(16 * PAGE);
	shared = map_shared(16 * PAGE);
	touch_write(private, 16 * PAGE, 1);
	touch_write(shared, 16 * PAGE, 1);
	CHECK(text_sum(smaps_area(private), "Anonymous") == 16 * 4);
	CHECK(text_sum(smaps_area(shared), "Anonymous") == 0);
	expect(private, 0);
	expect(shared, 0);
	CHECK(child_run(child, NULL) == 0);
	expect(private, 0);
	expect(shared, 0);
	return 0;
}
