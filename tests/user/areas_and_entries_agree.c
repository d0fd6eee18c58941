/*
 * Whatever is mapped, unmapped, protected and shared, each entry of the page table is one that its area allows, and
 * where there is no area there is no entry.
 * rows: C1 C2 C22 D6
 * quire-only
 * append: lab=xk
 */
#include "course.h"
#include "maps.h"

#define PAGES 256

static char *memory;

static void change(unsigned at, unsigned pages, int what)
{
	char *p = memory + at * PAGE;
	size_t bytes = (pages + at > PAGES ? PAGES - at : pages) * PAGE;
	static const int prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};

	if (what < 2)
		CHECK(mmap(p, bytes, PROT_READ | PROT_WRITE,
			   MAP_FIXED | MAP_ANONYMOUS | (what ? MAP_SHARED : MAP_PRIVATE), -1,
			   0) == p);
	else if (what == 2)
		CHECK(munmap(p, bytes) == 0);
	else if (what < 6)
		mprotect(p, bytes, prots[what - 3]);
	else if (what == 6)
		madvise(p, bytes, 23); /* MADV_POPULATE_WRITE, which musl does not know; */
	else
		madvise(p, bytes, 22); /* and to read. */
}

static void compare(void)
{
	static struct area areas[2 * PAGES];
	uintptr_t va = (uintptr_t)memory, end = va + PAGES * PAGE;
	int n = 0;

	while (maps_nth(va, end, n, &areas[n]))
		n++;
	for (int i = 0; va < end; va += PAGE) {
		uint32_t pte = getpte((void *)va);

		while (i < n && areas[i].end <= va)
			i++;
		if (i == n || va < areas[i].start)
			CHECK(pte == 0);
		else if (pte & COURSE_PTE_P)
			CHECK(areas[i].prot[0] == 'r' &&
			      (!(pte & COURSE_PTE_W) || areas[i].prot[1] == 'w'));
	}
}

int main(void)
{
	srand(2);
	memory = map_anon(PAGES * PAGE);
	for (int round = 0; round < 400; round++) {
		change(rand() % PAGES, 1 + rand() % 40, rand() % 8);
		if (round % 20 == 0 && fork() == 0) {
			compare();
			change(0, PAGES, 2);
			compare();
			_exit(0);
		}
		if (round % 20 == 0) {
			int status;

			CHECK(wait(&status) > 0 && status == 0);
			compare();
		}
	}
}
