/* Timers: EINVAL for clocks, signals, times and timers that cannot be, EFAULT; a deadline in the past fires. */
#include "signals.h"

/* The kernel's view of it: musl's timer_create does more. */
static long create(clockid_t clock, int notify, int sig, void *id)
{
	struct sigevent event = {.sigev_notify = notify, .sigev_signo = sig};

	return syscall(SYS_timer_create, clock, &event, id);
}

int main(void)
{
	struct itimerspec it = {.it_value = {.tv_nsec = 1000000000}};
	int id;

	CHECK_ERRNO(create(12345, SIGEV_SIGNAL, SIGALRM, &id), EINVAL);
	CHECK_ERRNO(create(CLOCK_MONOTONIC, SIGEV_SIGNAL, 0, &id), EINVAL);
	CHECK_ERRNO(create(CLOCK_MONOTONIC, SIGEV_SIGNAL, 65, &id), EINVAL);
	CHECK_ERRNO(create(CLOCK_MONOTONIC, 77, SIGALRM, &id), EINVAL);
	CHECK_ERRNO(create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGALRM, (void *)1), EFAULT);
	CHECK_ERRNO(syscall(SYS_timer_create, CLOCK_MONOTONIC, 1, &id), EFAULT);
	CHECK_ERRNO(syscall(SYS_timer_delete, 12345), EINVAL);
	CHECK_ERRNO(syscall(SYS_timer_getoverrun, 12345), EINVAL);
	CHECK(create(CLOCK_REALTIME, SIGEV_SIGNAL, SIGALRM, &id) == 0);
	CHECK_ERRNO(syscall(SYS_timer_settime64, id, 0, &it, NULL), EINVAL);
	CHECK_ERRNO(syscall(SYS_timer_settime64, id, 0, NULL, NULL), EINVAL);
	CHECK_ERRNO(syscall(SYS_timer_settime64, id, 0, 1, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_timer_gettime64, id, 1), EFAULT);
	handle(SIGALRM, note_signal, 0);
	it.it_value = (struct timespec){.tv_sec = 1};
	CHECK(syscall(SYS_timer_settime64, id, TIMER_ABSTIME, &it, NULL) == 0);
	while (signals_caught == 0)
		sleep_ms(1);
	return 0;
}
