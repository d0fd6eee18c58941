/*
 * One-argument mmap gives the old break and moves it; with an address it maps where nothing is above the break; all
 * else is 0 and changes nothing.
 * rows: B5 B8 B9 B13
 * quire-only
 * append: lab=iitj
 */
#include "course.h"
#include "maps.h"

static int in_data;

int main(void)
{
	char *start = iitj_mmap(2 * PAGE), *next, *above;
	int areas = maps_count(NULL, -PAGE);

	CHECK(start && (uintptr_t)start % PAGE == 0 && xk_sbrk(0) == start + 2 * PAGE);
	CHECK(!iitj_mmap(0) && !iitj_mmap(-4096) && !iitj_mmap(100) && !iitj_mmap(0x7FFFF000));
	above = start + 10 * PAGE;
	CHECK(!iitj_mmap_at(PAGE, (void *)((uintptr_t)main & ~(PAGE - 1))));	 /* Code. */
	CHECK(!iitj_mmap_at(PAGE, (void *)((uintptr_t)&in_data & ~(PAGE - 1)))); /* Data. */
	CHECK(!iitj_mmap_at(PAGE, start) && !iitj_mmap_at(PAGE, start + PAGE));	 /* Heap. */
	CHECK(!iitj_mmap_at(PAGE, (void *)0xC0000000) && !iitj_mmap_at(PAGE, (void *)-PAGE));
	CHECK(!iitj_mmap_at(2 * PAGE, (void *)(0xC0000000 - PAGE)));
	CHECK(!iitj_mmap_at(100, above) && !iitj_mmap_at(PAGE, above + 1));
	CHECK(maps_count(NULL, -PAGE) == areas && xk_sbrk(0) == start + 2 * PAGE);
	CHECK(iitj_mmap_at(PAGE, above) == above && !iitj_mmap_at(PAGE, above));
	CHECK(!iitj_mmap_at(3 * PAGE, above - 2 * PAGE)); /* Its last page is in use. */
	next = iitj_mmap(PAGE);
	CHECK(next == start + 2 * PAGE);
	touch_write(start, 3 * PAGE, 7);
	CHECK(pages_hold(start, 3 * PAGE, 7) && (*above = 1, *above == 1));
	CHECK(xk_sbrk(1) == next + PAGE && iitj_mmap(PAGE) == next + 2 * PAGE);
	CHECK(!iitj_mmap(9 * PAGE)); /* There is something in the way. */
}
