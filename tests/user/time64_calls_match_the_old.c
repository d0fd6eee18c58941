/* The calls with 64-bit seconds and the old ones say the same. */
#include "signals.h"

struct old_timespec {
	int32_t sec, nsec;
};

struct new_timespec {
	int64_t sec;
	int32_t nsec, pad;
};

int main(void)
{
	struct old_timespec old = {0}, short_time = {.nsec = 1000000};
	struct new_timespec new = {0}, huge = {.sec = 1ll << 33},
			    padded = {.nsec = 1000, .pad = -1};
	int32_t seconds;

	CHECK(syscall(SYS_clock_gettime32, CLOCK_REALTIME, &old) == 0);
	CHECK(syscall(SYS_clock_gettime64, CLOCK_REALTIME, &new) == 0);
	CHECK(new.sec - old.sec >= 0 && new.sec - old.sec <= 1 && new.pad == 0);
	CHECK(syscall(SYS_time, &seconds) == seconds && seconds - new.sec <= 1);
	CHECK(syscall(SYS_clock_getres_time32, CLOCK_MONOTONIC, &old) == 0);
	CHECK(syscall(SYS_clock_getres_time64, CLOCK_MONOTONIC, &new) == 0);
	CHECK(old.sec == 0 && new.sec == 0 && old.nsec == new.nsec);
	CHECK(syscall(SYS_clock_nanosleep_time32, CLOCK_MONOTONIC, 0, &short_time, NULL) == 0);
	CHECK(syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, &padded, NULL) == 0);
	handle(SIGALRM, note_signal, 0);
	alarm_in_ms(20);
	CHECK_ERRNO(syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, &huge, &new), EINTR);
	CHECK(new.sec == (1ll << 33) - 1);
	return 0;
}
