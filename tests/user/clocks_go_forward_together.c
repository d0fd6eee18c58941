/* No clock goes back, and all that should agree do: wall clocks with one another, the monotonic ones too. */
#include "signals.h"

static void check_agree(double a, double b)
{
	CHECK(a - b < 0.5 && b - a < 0.5);
}

int main(void)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME,	     CLOCK_MONOTONIC,
					   CLOCK_MONOTONIC_RAW,	     CLOCK_BOOTTIME,
					   CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
					   CLOCK_MONOTONIC_COARSE};
	struct timeval tv;
	struct timespec res;

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		int64_t last = nanoseconds_on(clocks[i]);

		for (int n = 0; n < 20000; n++) {
			int64_t t = nanoseconds_on(clocks[i]);

			CHECK(t >= last && t - last < 5000000000);
			last = t;
		}
		CHECK(clock_getres(clocks[i], &res) == 0 && res.tv_sec == 0 && res.tv_nsec > 0);
	}
	CHECK(gettimeofday(&tv, NULL) == 0);
	check_agree((double)tv.tv_sec + (double)tv.tv_usec / 1e6, now_on(CLOCK_REALTIME));
	check_agree(now_on(CLOCK_REALTIME_COARSE), now_on(CLOCK_REALTIME));
	check_agree(now_on(CLOCK_MONOTONIC_COARSE), now());
	CHECK(time(NULL) - tv.tv_sec <= 1 && time(NULL) > 1700000000);
	return 0;
}
