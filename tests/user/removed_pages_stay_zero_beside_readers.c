/*
 * Pages of shared memory that are given up while they are in swap are zero, though somebody reads them, and so brings
 * them in, at the same time.
 *
 * rows: A29
 * mem: 32M
 * swap: 64M
 */
#include "check.h"

#include <signal.h>

#define PAGES 64u
#define ROUNDS 200

int main(void)
{
	char *p = map_shared(PAGES * PAGE);
	pid_t self = getpid(), reader = fork();

	CHECK(reader >= 0);
	while (reader == 0 && getppid() == self)
		touch_read(p, PAGES * PAGE);
	for (int round = 0; round < ROUNDS; round++) {
		touch_write(p, PAGES * PAGE, 1);
		CHECK(madvise(p, PAGES * PAGE, MADV_PAGEOUT) == 0);
		CHECK(madvise(p, PAGES * PAGE, MADV_REMOVE) == 0);
		CHECK(pages_hold(p, PAGES * PAGE, 0));
	}
	CHECK(kill(reader, SIGKILL) == 0 && wait(NULL) == reader);
	return 0;
}
