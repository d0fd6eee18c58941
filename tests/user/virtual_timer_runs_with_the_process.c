/* ITIMER_VIRTUAL and ITIMER_PROF count the time the process computes, not the time it sleeps. */
#include "signals.h"

static void start_timer(int which)
{
	struct itimerval it = {.it_value = {.tv_usec = 100000}};

	CHECK(setitimer(which, &it, NULL) == 0);
}

/* User time: without it nearly all of the loop below would be the clock's system calls. */
static void compute(void)
{
	for (volatile int i = 0; i < 100000; i++)
		continue;
}

static void check_timer(int which, int sig)
{
	int before = signals_caught;
	double start;

	handle(sig, note_signal, SA_RESTART);
	start_timer(which);
	sleep_ms(200);
	CHECK(signals_caught == before);
	start = now_on(CLOCK_PROCESS_CPUTIME_ID);
	while (signals_caught == before) {
		compute();
		CHECK(now_on(CLOCK_PROCESS_CPUTIME_ID) - start < 5);
	}
	CHECK(signal_last == sig);
	CHECK(now_on(CLOCK_PROCESS_CPUTIME_ID) - start > 0.05);
}

int main(void)
{
	check_timer(ITIMER_VIRTUAL, SIGVTALRM);
	check_timer(ITIMER_PROF, SIGPROF);
	return 0;
}
