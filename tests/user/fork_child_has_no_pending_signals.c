/* A child inherits handlers and the mask, but neither pending signals nor timers. */
#include "signals.h"

static void child(void *unused)
{
	struct itimerval it;

	(void)unused;
	CHECK(is_blocked(SIGUSR1) && !is_pending(SIGUSR1));
	CHECK(getitimer(ITIMER_REAL, &it) == 0);
	CHECK(it.it_value.tv_sec == 0 && it.it_value.tv_usec == 0 && it.it_interval.tv_sec == 0);
	CHECK(raise(SIGUSR2) == 0 && signals_caught == 1);
}

int main(void)
{
	handle(SIGUSR2, note_signal, 0);
	block(SIGUSR1);
	CHECK(raise(SIGUSR1) == 0 && is_pending(SIGUSR1));
	alarm(100);
	CHECK(child_run(child, NULL) == 0);
	CHECK(is_pending(SIGUSR1) && alarm(0) >= 99);
	return 0;
}
