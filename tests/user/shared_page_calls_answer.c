/*
 * mapshared puts one page at the break, getshared finds it in a child too, unmapshared takes it from the caller alone:
 * the other keeps it, in both orders of exit; asked twice each refuses.
 * rows: B17 B18 B19 B20 B21 B22 B25 B35
 * quire-only
 * lab: shared
 * append: lab=iitj
 */
#include "counters.h"
#include "course.h"

static void touch(void *p)
{
	*(volatile char *)p = 1;
}

int main(void)
{
	int *end = (int *)xk_sbrk(1) + PAGE, *value;
	int gone[2];
	long free;

	CHECK(pipe(gone) == 0);
	CHECK(!getshared() && unmapshared() < 0);
	value = (int *)mapshared();
	CHECK(value && (uintptr_t)value % PAGE == 0 && value < end && !mapshared());
	CHECK(getshared() == (char *)value && xk_sbrk(0) == (char *)value + PAGE);
	CHECK((getpte(value) & (COURSE_PTE_P | COURSE_PTE_S)) == COURSE_PTE_S);
	*value = 1;
	CHECK(getpte(value) & COURSE_PTE_P && getpte(value) & COURSE_PTE_S);
	for (int parent_first = 0; parent_first < 2; parent_first++)
		if (fork() == 0) { /* This one goes first or last of two who have the page. */
			CHECK(getshared() == (char *)value && ++*value > 1);
			CHECK(fork() != 0 || (sleep_ms(50 * parent_first), ++*value > 0));
			sleep_ms(50 * !parent_first);
			_exit(unmapshared() == 0 && child_signal(touch, value) == SIGSEGV ? 0 : 1);
		} else {
			int status;
			CHECK(wait(&status) > 0 && status == 0 && *value >= 2);
		}
	CHECK(xk_sbrk(3 * PAGE) != (char *)-1 && *value >= 2); /* The break may move beside it. */
	close(gone[1]);
	CHECK(read(gone[0], &gone[1], 1) == 0); /* The last of the children's children has ended. */
	free = frames_free();
	CHECK(unmapshared() == 0 && frames_free() > free && unmapshared() < 0);
	CHECK(child_signal(touch, value) == SIGSEGV && mapshared());
}
