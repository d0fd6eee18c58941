/*
 * A sleep of less than a tick of the clock, or a timeout of it, takes no tick: on the average of many, less
 * than five times what was asked for.
 */
#include "signals.h"

#include <poll.h>

#define SLEEPS 50

static double sleeps_take(long ns)
{
	const struct timespec ts = {.tv_nsec = ns};
	double start = now_on(CLOCK_MONOTONIC);

	for (int i = 0; i < SLEEPS; i++)
		CHECK(nanosleep(&ts, NULL) == 0);
	return (now_on(CLOCK_MONOTONIC) - start) / SLEEPS;
}

static double timeouts_take(int ms)
{
	double start = now_on(CLOCK_MONOTONIC);

	for (int i = 0; i < SLEEPS; i++)
		CHECK(poll(NULL, 0, ms) == 0);
	return (now_on(CLOCK_MONOTONIC) - start) / SLEEPS;
}

int main(void)
{
	double ms = sleeps_take(1000000), half = sleeps_take(500000), poll = timeouts_take(1);

	CHECK(ms >= 0.001 && ms < 0.005);
	CHECK(half >= 0.0005 && half < 0.0025);
	CHECK(poll >= 0.001 && poll < 0.005);
	return 0;
}
