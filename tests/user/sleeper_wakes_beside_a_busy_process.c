/*
 * Whom a timer or a disk wakes does not wait until a process that computes has used its time up: of many short
 * sleeps the shortest is over within a tick or two.
 */
#include "signals.h"

#define SLEEPS 40

int main(void)
{
	double best = 1, start, took;
	pid_t busy = fork();

	CHECK(busy >= 0);
	while (busy == 0)
		;
	sleep_ms(100);
	for (int i = 0; i < SLEEPS; i++) {
		start = now_on(CLOCK_MONOTONIC);
		sleep_ms(2);
		took = now_on(CLOCK_MONOTONIC) - start;
		best = took < best ? took : best;
	}
	CHECK(kill(busy, SIGKILL) == 0 && waitpid(busy, NULL, 0) == busy);
	CHECK(best < 0.015);
	return 0;
}
