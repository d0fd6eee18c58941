/* pause returns EINTR after a handler has run, and not for a signal that is ignored. */
#include "signals.h"

int main(void)
{
	double start = now();
	pid_t child;

	handle(SIGUSR1, SIG_IGN, 0);
	handle(SIGALRM, note_signal, SA_RESTART);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		sleep_ms(20);
		_exit(kill(getppid(), SIGUSR1) != 0); /* And SIGCHLD. */
	}
	alarm_in_ms(100);
	CHECK_ERRNO(pause(), EINTR);
	CHECK(signals_caught == 1 && now() - start >= 0.09);
	CHECK(wait_status(child, 0) == 0);
	return 0;
}
