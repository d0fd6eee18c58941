/*
 * 300 MiB are written on a machine with 64, read back three times in order and once at random: every word is
 * right.
 *
 * rows: A33 A43 D5
 * args: 300
 * mem: 64M
 * swap: 512M
 * timeout: 240
 */
#include "outgrow.h"

int main(int argc, char **argv)
{
	uint32_t pages = pages_asked(argv), *p = (uint32_t *)map_anon(pages * PAGE);

	(void)argc;
	pages_fill(p, pages, 42);
	for (int round = 0; round < 3; round++)
		pages_check(p, pages, 42);
	for (uint32_t i = 0; i < pages; i++) {
		uint32_t n = elsewhere(i, pages);

		CHECK(page_is(p + n * PAGE_WORDS, 42, n));
	}
	return 0;
}
