/* A process that computes for longer than RLIMIT_CPU gets SIGXCPU, and at the hard limit SIGKILL. */
#include "signals.h"

#include <sys/resource.h>

static void compute(void *limit)
{
	handle(SIGXCPU, note_signal, 0);
	CHECK(setrlimit(RLIMIT_CPU, limit) == 0);
	while (signals_caught == 0)
		;
	CHECK(now_on(CLOCK_PROCESS_CPUTIME_ID) > 0.8);
	for (;;)
		;
}

int main(void)
{
	struct rlimit limit = {.rlim_cur = 1, .rlim_max = 2};

	CHECK(child_signal(compute, &limit) == SIGKILL);
	return 0;
}
