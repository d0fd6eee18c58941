/* A sleep is never shorter than asked for, on any clock, and not much longer. */
#include "signals.h"

static void check_sleep(clockid_t clock, int flags, int ms)
{
	double start = now_on(clock), until = start + ms / 1000.0, took;
	struct timespec ts = {.tv_nsec = ms * 1000000L};

	if (flags & TIMER_ABSTIME) {
		ts.tv_sec = (time_t)until;
		ts.tv_nsec = (long)((until - (double)ts.tv_sec) * 1e9);
	}
	CHECK(clock_nanosleep(clock, flags, &ts, NULL) == 0);
	took = now_on(clock) - start;
	CHECK(took >= ms / 1000.0 - 1e-6 && took < ms / 1000.0 + 0.5);
}

int main(void)
{
	for (int ms = 1; ms <= 64; ms *= 4) {
		check_sleep(CLOCK_MONOTONIC, 0, ms);
		check_sleep(CLOCK_MONOTONIC, TIMER_ABSTIME, ms);
		check_sleep(CLOCK_REALTIME, 0, ms);
		check_sleep(CLOCK_REALTIME, TIMER_ABSTIME, ms);
		check_sleep(CLOCK_BOOTTIME, 0, ms);
	}
	return 0;
}
