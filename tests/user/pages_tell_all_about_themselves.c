/*
 * What a page is can be looked up by its address at any time: whether anything is there, its frame, its slot, whether
 * it is dirty, its file and place in it, and what of it the file does not fill.
 * rows: C22 E17 E24
 * quire-only
 * swap: 16M
 */
#include "course.h"
#include "maps.h"
#include "swap.h"

#define FRAME(word) ((uint32_t)(word))

int main(void)
{
	int fd = temp_file(2 * PAGE + 100);
	char *page = map_anon(PAGE), line[128];
	const char *file = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
	uint64_t slot;

	CHECK(getpte(page) == COURSE_PTE_M && pagemap_of(page) == 0); /* All zero. */
	page[0] = 3;
	CHECK(getpte(page) & COURSE_PTE_P && getpte(page) & COURSE_PTE_D); /* On a frame. */
	CHECK(getpte(page) >> 12 == FRAME(pagemap_of(page)) && FRAME(pagemap_of(page)) != 0);
	CHECK(madvise(page, PAGE, MADV_PAGEOUT) == 0);
	CHECK(getpte(page) == COURSE_PTE_U && IN_SWAP(page)); /* On swap. */
	slot = pagemap_of(page) >> 5 & 0xFFFFFF;
	CHECK(slot > 0 && slot < (16 << 20) / PAGE); /* The first is the area's header. */
	CHECK(page[0] == 3 && getpte(page) & COURSE_PTE_P && !(getpte(page) & COURSE_PTE_D));
	CHECK(munmap(page, PAGE) == 0 && getpte(page) == 0 && pagemap_of(page) == 0);

	CHECK(getpte(file) == COURSE_PTE_M); /* From the file: */
	snprintf(line, sizeof(line), "grep -q '^%08x-%08x r--s 00001000' /proc/%d/maps",
		 (unsigned)file, (unsigned)file + 2 * PAGE, getpid());
	CHECK(system(line) == 0);
	CHECK(file[PAGE + 99] == 3 && file[PAGE + 100] == 0); /* so many bytes, then zeroes. */
	CHECK((getpte(file + PAGE) & (COURSE_PTE_P | COURSE_PTE_W | COURSE_PTE_D)) == COURSE_PTE_P);
}
