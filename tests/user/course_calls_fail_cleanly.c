/*
 * Whichever allocation fails, a call that maps something says so and leaves areas and break as they were, or it does
 * all of it.
 *
 * rows: A30 E14 E46
 * quire-only
 * lab: mapids shared
 */
#include "counters.h"
#include "course.h"
#include "fail.h"
#include "maps.h"

#define AT ((char *)0x10000000)

/* Make the n-th allocation fail for n = 1, 2, ... until the call succeeds; how often it failed. */
static int fail_each(int fail_fd, const char *point, long number, long a, long b)
{
	int n = 0, areas = maps_count(NULL, -PAGE);
	char *end = xk_sbrk(0);
	long result;

	do {
		char word[32];

		snprintf(word, sizeof(word), "%s:%d", point, ++n);
		result = call_failing(fail_fd, word, number, (void *)a, b, 0);
		CHECK(result == -ENOMEM || (result > 0 && result < 0x40000000));
		CHECK(result > 0 || (maps_count(NULL, -PAGE) == areas && xk_sbrk(0) == end));
	} while (result < 0);
	return n - 1;
}

int main(void)
{
	int fail_fd = open(FAIL_FILE, O_WRONLY), fd = temp_file(3 * PAGE);

	CHECK(mmap(AT, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == AT);
	CHECK(munmap(AT, PAGE) == 0);	 /* So that the page table is there. */
	CHECK(xk_sbrk(5) != (char *)-1); /* Nor is the break moved to the end of its page. */
	CHECK(fail_each(fail_fd, "kmalloc", NR_course_mapshared, 0, 0) >= 2 && getshared());
	CHECK(unmapshared() == 0);
	CHECK(fail_each(fail_fd, "kmalloc", NR_course_map_file, fd, (long)AT) >= 1);
	CHECK(pintos_munmap(1) && !pintos_munmap(1));
	CHECK(mmap(AT + 3 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		   3 * PAGE) != MAP_FAILED); /* It would merge with that. */
	CHECK(fail_each(fail_fd, "kmalloc", NR_course_map_file, fd, (long)AT) >= 1);
	CHECK(pintos_munmap(1) && !pintos_munmap(1));
	vm_check();
}
