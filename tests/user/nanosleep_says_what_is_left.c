/* A sleep that a handler interrupts gives EINTR and the time that was left; one to a deadline writes nothing. */
#include "signals.h"

int main(void)
{
	struct timespec one = {.tv_sec = 1}, left = {0}, deadline;
	double start = now();

	handle(SIGALRM, note_signal, SA_RESTART);
	alarm_in_ms(100);
	CHECK_ERRNO(nanosleep(&one, &left), EINTR); /* SA_RESTART or not. */
	CHECK(signals_caught == 1 && left.tv_sec == 0);
	CHECK(left.tv_nsec > 300000000 && left.tv_nsec < 950000000);
	CHECK(now() - start < 0.9);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &deadline) == 0);
	deadline.tv_sec++;
	left = (struct timespec){.tv_sec = 77};
	alarm_in_ms(50);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, &left) == EINTR);
	CHECK(left.tv_sec == 77);
	return 0;
}
