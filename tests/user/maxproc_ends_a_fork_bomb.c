/*
 * With maxproc=64 there are never more than 64 processes: fork says EAGAIN, root's too, and works
 * again when they have gone.
 *
 * rows: A30
 * quire-only
 * append: maxproc=64
 * mem: 32M
 */
#include "counters.h"

static void bomb(void *arg)
{
	volatile int *count = arg;

	while (!count[1]) {
		pid_t pid = fork();

		if (pid == 0)
			__atomic_fetch_add(&count[0], 1, __ATOMIC_SEQ_CST);
		if (pid < 0) {
			CHECK(errno == EAGAIN);
			count[1] = 1;
		}
	}
	while (wait(NULL) > 0)
		;
}

int main(void)
{
	volatile int *count = map_shared(PAGE);
	long before = 0;

	for (int round = 0; round < 4; round++) {
		count[0] = count[1] = 0;
		CHECK(child_run(bomb, (void *)count) == 0);
		CHECK(count[1] == 1 && count[0] > 40 && count[0] < 64);
		if (round == 0)
			before = frames_free();
	}
	CHECK(before - frames_free() <= 2);
	return 0;
}
