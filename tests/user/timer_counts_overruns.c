/* While a timer's signal is pending its further expirations are counted, and the handler learns the count. */
#include "signals.h"

static volatile int overrun = -1;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	note_signal(sig);
	overrun = info->si_overrun;
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	struct itimerspec it = {.it_value = {.tv_nsec = 20000000},
				.it_interval = {.tv_nsec = 20000000}};
	timer_t timer;

	handle_info(SIGRTMIN, handler, SA_RESTART);
	block(SIGRTMIN);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &it, NULL) == 0);
	sleep_ms(210);
	CHECK(is_pending(SIGRTMIN));
	it = (struct itimerspec){.it_value = {.tv_sec = 100}};
	unblock(SIGRTMIN);
	CHECK(signals_caught >= 1 && overrun >= 7);
	CHECK(timer_getoverrun(timer) == overrun);
	CHECK(timer_delete(timer) == 0);
	return 0;
}
