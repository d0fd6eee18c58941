/* An interval timer fires again and again, without drifting, until it is stopped; getitimer says what is left. */
#include "signals.h"

int main(void)
{
	struct itimerval it = {.it_value = {.tv_usec = 50000}, .it_interval = {.tv_usec = 20000}};
	struct itimerval left, stop = {0};
	double start = now();
	int caught;

	handle(SIGALRM, note_signal, SA_RESTART);
	CHECK(setitimer(ITIMER_REAL, &it, NULL) == 0);
	CHECK(getitimer(ITIMER_REAL, &left) == 0);
	CHECK(left.it_interval.tv_usec == 20000 && left.it_value.tv_usec <= 50000);
	while (signals_caught < 10)
		pause();
	CHECK(now() - start >= 0.05 + 9 * 0.02 - 0.001 && now() - start < 2);
	CHECK(setitimer(ITIMER_REAL, &stop, &left) == 0);
	CHECK(left.it_value.tv_usec > 0 && left.it_value.tv_usec <= 20000);
	caught = signals_caught;
	sleep_ms(50);
	CHECK(signals_caught == caught);
	return 0;
}
