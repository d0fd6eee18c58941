/*
 * A sleep of less than a tick of the clock, or a timeout of it, need not take a tick: the shortest of many is
 * less than five times what was asked for, and none is less than that.
 */
#include "signals.h"

#include <poll.h>

#define SLEEPS 50

static void sleep_ns(long ns)
{
	const struct timespec ts = {.tv_nsec = ns};

	CHECK(nanosleep(&ts, NULL) == 0);
}

static void poll_ns(long ns)
{
	CHECK(poll(NULL, 0, (int)(ns / 1000000)) == 0);
}

/* A busy machine makes sleeps longer, but hardly all of them. */
static void check_shortest(void (*wait)(long), long ns)
{
	double best = 1;

	for (int i = 0; i < SLEEPS; i++) {
		double start = now_on(CLOCK_MONOTONIC), took;

		wait(ns);
		took = now_on(CLOCK_MONOTONIC) - start;
		best = took < best ? took : best;
	}
	CHECK(best >= ns / 1e9 && best < 5 * (ns / 1e9));
}

int main(void)
{
	check_shortest(sleep_ns, 1000000);
	check_shortest(sleep_ns, 400000);
	check_shortest(poll_ns, 1000000);
	return 0;
}
