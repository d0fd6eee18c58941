/*
 * numvp counts pages that are mapped, anywhere, and the guard page; numpp entries that show a frame, of which a
 * child has as many as its parent; getNumFreePages frames.
 * rows: B1 B2 B6 B7 B15 B16 B26
 * quire-only
 * lab: counts
 * append: lab=iitj
 */
#include "course.h"
#include "maps.h"

static int areas_pages(void)
{
	struct area a;
	int pages = 0;

	for (int n = 0; maps_nth(0, UINTPTR_MAX, n, &a); n++)
		pages += strcmp(a.name, "[vsyscall]") != 0 ? (int)((a.end - a.start) / PAGE) : 0;
	return pages;
}

int main(void)
{
	int v, p, free, status;
	char *far = sbrk(0);

	CHECK(areas_pages() + 1 == numvp());
	v = numvp(), p = numpp();
	far = iitj_mmap_at(4 * PAGE, (void *)(((uintptr_t)far + 64 * TABLE_SPAN) & ~(PAGE - 1)));
	CHECK(far && numvp() == v + 4 && numpp() == p);
	far[0] = 1; /* The page table, too. */
	free = getNumFreePages();
	far[2 * PAGE] = 1;
	CHECK(getNumFreePages() == free - 1 && numpp() == p + 2);
	if (fork() == 0)
		_exit(numvp() == v + 4 && numpp() == p + 2 ? 0 : 1);
	CHECK(wait(&status) > 0 && status == 0);
}
