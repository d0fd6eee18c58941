/*
 * A write to a page shared by fork is one fault and copies one page: that page and no other.
 *
 * rows: A29 B32 C19 D29
 * quire-only
 * lab: cow
 */
#include "counters.h"

#define PAGES 8

static void write_pages(void *p)
{
	for (int i = 0; i < PAGES; i++) {
		long faults = VMSTAT(pgfault), cow = VMSTAT(fault_cow_copy);
		long copies = VMSTAT(frame_copy), anon = VMSTAT(fault_anon), free = frames_free();

		((char *)p)[i * PAGE] = 'c';
		free -= frames_free();
		copies = VMSTAT(frame_copy) - copies;
		cow = VMSTAT(fault_cow_copy) - cow;
		faults = VMSTAT(pgfault) - faults;
		CHECK(copies == 1 && cow == 1 && VMSTAT(fault_anon) == anon);
		/* The first write also copied the page table. */
		CHECK(faults == 1 && free == (i == 0 ? 2 : 1));
	}
}

int main(void)
{
	char *p = map_anon(PAGES * PAGE);

	touch_write(p, PAGES * PAGE, 'p');
	CHECK(child_run(write_pages, p) == 0);
	CHECK(pages_hold(p, PAGES * PAGE, 'p'));
	return 0;
}
