/* The CPU time clocks count what was computed, not what was slept, and can be asked about other processes. */
#include "signals.h"

static void compute_for(double seconds)
{
	double start = now_on(CLOCK_PROCESS_CPUTIME_ID);

	while (now_on(CLOCK_PROCESS_CPUTIME_ID) - start < seconds)
		;
}

int main(void)
{
	double before = now_on(CLOCK_PROCESS_CPUTIME_ID);
	clockid_t clock;
	pid_t child;

	sleep_ms(200);
	CHECK(now_on(CLOCK_PROCESS_CPUTIME_ID) - before < 0.1);
	compute_for(0.1);
	CHECK(now_on(CLOCK_THREAD_CPUTIME_ID) >= 0.09);
	CHECK(now_on(CLOCK_THREAD_CPUTIME_ID) <= now_on(CLOCK_PROCESS_CPUTIME_ID) + 0.01);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		compute_for(0.1);
		raise(SIGSTOP);
		_exit(0);
	}
	wait_status(child, WUNTRACED);
	CHECK(clock_getcpuclockid(child, &clock) == 0);
	CHECK(now_on(clock) >= 0.09 && now_on(clock) < 1);
	kill(child, SIGKILL);
	wait_status(child, 0);
	CHECK(clock_getcpuclockid(child, &clock) != 0);
	return 0;
}
