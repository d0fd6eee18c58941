/*
 * Who sleeps until a time of the wall clock, or has a timer for one, is woken when the clock is set to it; who
 * waits for a length of time is not.
 * quire-only
 */
#include "signals.h"

#define JUMP 1000

static void jump(int seconds)
{
	struct timespec ts;

	CHECK(clock_gettime(CLOCK_REALTIME, &ts) == 0);
	ts.tv_sec += seconds;
	CHECK(clock_settime(CLOCK_REALTIME, &ts) == 0);
}

static void sleeper(bool absolute)
{
	struct timespec ts = {.tv_sec = JUMP};

	if (absolute) {
		CHECK(clock_gettime(CLOCK_REALTIME, &ts) == 0);
		ts.tv_sec += JUMP;
	}
	CHECK(clock_nanosleep(CLOCK_REALTIME, absolute ? TIMER_ABSTIME : 0, &ts, NULL) == 0);
	_exit(0);
}

int main(void)
{
	struct itimerspec it = {.it_value = {.tv_sec = time(NULL) + JUMP}};
	pid_t until = fork(), length = until ? fork() : 1;
	double start = now();
	timer_t timer;

	if (until == 0 || length == 0)
		sleeper(until == 0);
	handle(SIGALRM, note_signal, SA_RESTART);
	CHECK(timer_create(CLOCK_REALTIME, NULL, &timer) == 0);
	CHECK(timer_settime(timer, TIMER_ABSTIME, &it, NULL) == 0);
	sleep_ms(50);
	CHECK(waitpid(-1, NULL, WNOHANG) == 0 && signals_caught == 0);
	jump(JUMP + 1);
	CHECK(wait_status(until, 0) == 0);
	while (signals_caught == 0)
		sleep_ms(1);
	CHECK(now() - start < 10);
	CHECK(waitpid(length, NULL, WNOHANG) == 0);
	jump(-JUMP - 1);
	CHECK(kill(length, SIGKILL) == 0 && WTERMSIG(wait_status(length, 0)) == SIGKILL);
	return 0;
}
