/* setitimer: EINVAL for no such timer and for microseconds that are none, EFAULT for bad pointers. */
#include "signals.h"

/* By the bare call, which has 32-bit times: interval, value. */
static void check_invalid(long sec, long usec)
{
	long value[4] = {0, 0, sec, usec}, interval[4] = {sec, usec, 0, 0};

	CHECK_ERRNO(syscall(SYS_setitimer, ITIMER_REAL, value, NULL), EINVAL);
	CHECK_ERRNO(syscall(SYS_setitimer, ITIMER_REAL, interval, NULL), EINVAL);
}

int main(void)
{
	long value[4] = {0};

	check_invalid(0, 1000000);
	check_invalid(0, -1);
	check_invalid(-1, 0);
	CHECK_ERRNO(syscall(SYS_setitimer, 3, value, NULL), EINVAL);
	CHECK_ERRNO(syscall(SYS_getitimer, 3, value), EINVAL);
	CHECK_ERRNO(syscall(SYS_setitimer, ITIMER_REAL, 1, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_setitimer, ITIMER_REAL, value, 1), EFAULT);
	CHECK_ERRNO(syscall(SYS_getitimer, ITIMER_REAL, 1), EFAULT);
	return 0;
}
