/* alarm sends one SIGALRM when its time is up; a second alarm replaces the first and says what was left of it. */
#include "signals.h"

int main(void)
{
	double start = now();

	handle(SIGALRM, note_signal, 0);
	CHECK(alarm(100) == 0);
	CHECK(alarm(1) == 100);
	CHECK_ERRNO(pause(), EINTR);
	CHECK(now() - start >= 0.99 && now() - start < 2);
	CHECK(signals_caught == 1 && signal_last == SIGALRM);
	CHECK(alarm(0) == 0);
	alarm_in_ms(300);
	CHECK(alarm(0) == 1); /* Less than a second, but not nothing. */
	return 0;
}
