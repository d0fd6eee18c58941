/* The longest sleeps and timers that can be asked for do not end at once. */
#include "signals.h"

#include <limits.h>

static void check_sleep(clockid_t clock, int flags, time_t sec)
{
	struct timespec ts = {.tv_sec = sec, .tv_nsec = 999999999};

	alarm_in_ms(30);
	CHECK(clock_nanosleep(clock, flags, &ts, NULL) == EINTR);
}

int main(void)
{
	struct itimerval huge = {.it_value = {.tv_sec = INT_MAX, .tv_usec = 999999}}, left;

	handle(SIGALRM, note_signal, 0);
	for (int flags = 0; flags <= TIMER_ABSTIME; flags += TIMER_ABSTIME) {
		check_sleep(CLOCK_MONOTONIC, flags, INT_MAX);
		check_sleep(CLOCK_MONOTONIC, flags, LLONG_MAX);
		check_sleep(CLOCK_MONOTONIC, flags, LLONG_MAX / 1000000000 + 1);
		check_sleep(CLOCK_REALTIME, flags, LLONG_MAX);
	}
	CHECK(signals_caught == 8);
	CHECK(setitimer(ITIMER_REAL, &huge, NULL) == 0);
	sleep_ms(30);
	CHECK(getitimer(ITIMER_REAL, &left) == 0 && left.it_value.tv_sec > INT_MAX - 10);
	CHECK(signals_caught == 8);
	return 0;
}
