/*
 * Four processes of half the RAM each all run to the end, each with its memory as it wrote it, whoever had to
 * leave for whom; a fifth that sleeps loses its pages to them and has them back when it wakes.
 *
 * rows: A33 A47 D5
 * args: 32
 * mem: 64M
 * swap: 256M
 * timeout: 240
 */
#include "outgrow.h"

#define PROCESSES 4u
#define ROUNDS 3u

static void work(uint32_t pages, uint32_t seed)
{
	uint32_t *p = (uint32_t *)map_anon(pages * PAGE);

	pages_fill(p, pages, seed);
	for (uint32_t round = 1; round < ROUNDS; round++) {
		for (uint32_t n = 0; n < pages; n++) {
			CHECK(page_is(p + n * PAGE_WORDS, seed + round - 1, n));
			page_fill(p + n * PAGE_WORDS, seed + round, n);
		}
	}
	pages_check(p, pages, seed + ROUNDS - 1);
	_exit(0);
}

int main(int argc, char **argv)
{
	uint32_t pages = pages_asked(argv), *p = (uint32_t *)map_anon(1 << 20);
	int status;

	(void)argc;
	pages_fill(p, (1 << 20) / PAGE, 99);
	for (uint32_t i = 0; i < PROCESSES; i++)
		if (fork() == 0)
			work(pages, 1000 * i);
	for (uint32_t i = 0; i < PROCESSES; i++)
		CHECK(wait(&status) > 0 && status == 0);
	pages_check(p, (1 << 20) / PAGE, 99);
	return 0;
}
