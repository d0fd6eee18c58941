/*
 * A timer that is faster than anybody could answer it, of a process that does not even listen, takes little
 * from the work of another.
 */
#include "signals.h"

static double work(void)
{
	double start = now_on(CLOCK_MONOTONIC);

	for (volatile int i = 0; i < 30000000; i++)
		;
	return now_on(CLOCK_MONOTONIC) - start;
}

static void set_timers(void)
{
	const struct itimerval fast = {{0, 1}, {0, 1}};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	const struct itimerspec faster = {{0, 1}, {0, 1}};
	timer_t timer;

	CHECK(signal(SIGALRM, SIG_IGN) != SIG_ERR && signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	CHECK(setitimer(ITIMER_REAL, &fast, NULL) == 0);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &faster, NULL) == 0);
}

int main(void)
{
	double alone = work();
	pid_t pid = fork();

	if (pid == 0) {
		set_timers();
		for (;;)
			pause();
	}
	sleep_ms(20);
	CHECK(work() < 4 * alone + 0.5);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	return 0;
}
