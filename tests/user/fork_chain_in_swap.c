/*
 * Fifty generations, each the child of the one before and each with one page of its own changed, while what they
 * share is in swap: each sees what its forefathers wrote, and nobody what came later.
 *
 * rows: A29 A45 A46
 * args: 24
 * mem: 32M
 * swap: 256M
 * timeout: 240
 * lab: cow
 */
#include "outgrow.h"

#define GENERATIONS 50u

static uint32_t *pages_of_all, pages;

static uint32_t *page_at(uint32_t n)
{
	return pages_of_all + n % pages * PAGE_WORDS;
}

/* Push out what nobody uses now: more than half of memory is touched for something else. */
static void press(void)
{
	char *p = map_anon(pages * PAGE);

	touch_write(p, pages * PAGE, 1);
	CHECK(munmap(p, pages * PAGE) == 0);
}

static void check_as(uint32_t generation, uint32_t own)
{
	for (uint32_t n = 0; n < GENERATIONS; n++) {
		uint32_t seed = n < generation ? 1 : n == generation ? own : 0;

		CHECK(page_is(page_at(97 * n), seed, 97 * n % pages));
	}
}

static void live(uint32_t generation)
{
	int status;

	check_as(generation, 0);
	page_fill(page_at(97 * generation), 1, 97 * generation % pages);
	if (generation + 1 < GENERATIONS && fork() == 0) {
		live(generation + 1);
		_exit(0);
	}
	page_fill(page_at(97 * generation), 2,
		  97 * generation % pages); /* Hidden from the child. */
	if (generation % 5 == 0)
		press();
	check_as(generation, 2);
	if (generation + 1 < GENERATIONS)
		CHECK(wait(&status) > 0 && status == 0);
	check_as(generation, 2);
}

int main(int argc, char **argv)
{
	(void)argc;
	pages = pages_asked(argv);
	pages_of_all = (uint32_t *)map_anon(pages * PAGE);
	pages_fill(pages_of_all, pages, 0);
	live(0);
	return 0;
}
