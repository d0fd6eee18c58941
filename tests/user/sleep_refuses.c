/* Sleeping: EINVAL for times and clocks that cannot be, EFAULT for bad pointers; a past deadline is no sleep. */
#include "signals.h"

static long sleep_on(clockid_t clock, int flags, time_t sec, long nsec)
{
	struct timespec ts = {.tv_sec = sec, .tv_nsec = nsec};

	return clock_nanosleep(clock, flags, &ts, NULL);
}

int main(void)
{
	CHECK(sleep_on(CLOCK_MONOTONIC, 0, 0, 1000000000) == EINVAL);
	CHECK(sleep_on(CLOCK_MONOTONIC, 0, 0, -1) == EINVAL);
	CHECK(sleep_on(CLOCK_MONOTONIC, 0, -1, 0) == EINVAL);
	CHECK(sleep_on(CLOCK_REALTIME, TIMER_ABSTIME, -1, 0) == EINVAL);
	CHECK(sleep_on(12345, 0, 0, 0) == EINVAL);
	CHECK(sleep_on(CLOCK_MONOTONIC_COARSE, 0, 0, 1) == EOPNOTSUPP);
	CHECK(sleep_on(CLOCK_MONOTONIC, 0, 0, 0) == 0);
	CHECK(sleep_on(CLOCK_MONOTONIC, TIMER_ABSTIME, 0, 0) == 0);
	CHECK(sleep_on(CLOCK_MONOTONIC, TIMER_ABSTIME, 0, 1) == 0);
	CHECK(sleep_on(CLOCK_REALTIME, TIMER_ABSTIME, 1000, 0) == 0);
	CHECK_ERRNO(syscall(SYS_nanosleep, 1, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_nanosleep, NULL, NULL), EFAULT);
	return 0;
}
