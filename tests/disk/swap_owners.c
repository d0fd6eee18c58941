/*
 * swap_owners: four processes whose pages, private or shared, go to swap and come back, three times. Prints how
 * many of them died of SIGBUS; the others found every word as they had written it, or this fails.
 */
#include "tests/user/outgrow.h"

#include <signal.h>

#define OWNERS 4u
#define PAGES 256u
#define ROUNDS 3u

static void own(uint32_t seed, int sharing)
{
	uint32_t *p =
		mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	pages_fill(p, PAGES, seed);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		CHECK(madvise(p, PAGES * PAGE, MADV_PAGEOUT) == 0);
		pages_check(p, PAGES, seed + round);
		pages_fill(p, PAGES, seed + round + 1);
	}
	_exit(0);
}

int main(void)
{
	int status, died = 0;

	CHECK(mlockall(MCL_CURRENT | MCL_FUTURE) == 0);
	for (uint32_t i = 0; i < OWNERS; i++)
		if (fork() == 0)
			own(100 * i, i % 2 ? MAP_SHARED : MAP_PRIVATE);
	for (uint32_t i = 0; i < OWNERS; i++) {
		CHECK(wait(&status) > 0);
		CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS));
		died += status != 0;
	}
	printf("%d\n", died);
	return 0;
}
