/* Clocks: EINVAL for no such clock, or one that cannot be set; EFAULT; EPERM for who is not root. */
#include "signals.h"

static void as_nobody(void *unused)
{
	struct timespec ts = {.tv_sec = 1700000000};

	(void)unused;
	CHECK(getuid() != 0 || setuid(12345) == 0);
	CHECK_ERRNO(clock_settime(CLOCK_REALTIME, &ts), EPERM);
}

int main(void)
{
	struct timespec ts = {.tv_sec = 1}, bad = {.tv_nsec = -1};

	CHECK_ERRNO(clock_gettime(12345, &ts), EINVAL);
	CHECK_ERRNO(clock_getres(12345, &ts), EINVAL);
	CHECK_ERRNO(clock_settime(12345, &ts), EINVAL);
	CHECK_ERRNO(clock_settime(CLOCK_MONOTONIC, &ts), EINVAL);
	CHECK_ERRNO(clock_settime(CLOCK_REALTIME, &bad), EINVAL);
	CHECK_ERRNO(syscall(SYS_clock_gettime64, CLOCK_MONOTONIC, 1), EFAULT);
	CHECK_ERRNO(syscall(SYS_clock_gettime32, CLOCK_MONOTONIC, 1), EFAULT);
	CHECK_ERRNO(syscall(SYS_gettimeofday_time32, 1, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_time, 1), EFAULT);
	CHECK(clock_getres(CLOCK_MONOTONIC, NULL) == 0);
	CHECK(child_run(as_nobody, NULL) == 0);
	return 0;
}
