/* timer_create: a timer sends its signal with its value, once or at intervals, until it is deleted. */
#include "signals.h"

static volatile siginfo_t seen;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	seen = *info;
	note_signal(sig);
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
				 .sigev_signo = SIGUSR1,
				 .sigev_value = {.sival_int = 99}};
	struct itimerspec it = {.it_value = {.tv_nsec = 30000000}}, left;
	timer_t timer;
	int caught;

	handle_info(SIGUSR1, handler, SA_RESTART);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_nsec == 0);
	CHECK(timer_settime(timer, 0, &it, NULL) == 0);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_nsec > 0);
	CHECK_ERRNO(pause(), EINTR);
	CHECK(signals_caught == 1 && seen.si_code == SI_TIMER && seen.si_value.sival_int == 99);
	it.it_interval.tv_nsec = 20000000;
	CHECK(timer_settime(timer, 0, &it, NULL) == 0);
	while (signals_caught < 6)
		pause();
	CHECK(timer_delete(timer) == 0);
	caught = signals_caught;
	sleep_ms(60);
	CHECK(signals_caught == caught);
	CHECK_ERRNO(syscall(SYS_timer_delete, timer), EINVAL);
	return 0;
}
