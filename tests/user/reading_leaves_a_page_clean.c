/*
 * A page that was brought in by reading has no dirty bit, of whatever kind it is; a write sets it.
 * rows: E16
 * quire-only
 * append: lab=pintos
 * swap: 16M
 */
#include "course.h"

static void check_clean(volatile char *page)
{
	(void)page[0];
	CHECK((getpte((char *)page) & (COURSE_PTE_P | COURSE_PTE_A)) ==
	      (COURSE_PTE_P | COURSE_PTE_A));
	CHECK(!(getpte((char *)page) & (COURSE_PTE_D | COURSE_PTE_W)));
	page[0] = 1;
	CHECK(getpte((char *)page) & COURSE_PTE_D && getpte((char *)page) & COURSE_PTE_W);
}

int main(void)
{
	int fd = temp_file(2 * PAGE), rw = PROT_READ | PROT_WRITE;
	char *swapped = map_anon(PAGE);

	check_clean(map_anon(PAGE));
	check_clean(map_shared(PAGE));
	check_clean(mmap(NULL, PAGE, rw, MAP_PRIVATE, fd, 0));
	check_clean(mmap(NULL, PAGE, rw, MAP_SHARED, fd, PAGE));
	swapped[0] = 5;
	CHECK(madvise(swapped, PAGE, MADV_PAGEOUT) == 0 && !(getpte(swapped) & COURSE_PTE_P));
	check_clean(swapped);
}
