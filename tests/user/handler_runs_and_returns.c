/* A handler runs once for a signal, in the process that is signalled, which then goes on where it was. */
#include "signals.h"

int main(void)
{
	pid_t child;

	handle(SIGUSR1, note_signal, 0);
	CHECK(raise(SIGUSR1) == 0);
	CHECK(signals_caught == 1 && signal_last == SIGUSR1);
	child = child_that_waits();
	CHECK(kill(child, SIGUSR1) == 0 && kill(child, SIGTERM) == 0);
	CHECK(WTERMSIG(wait_status(child, 0)) == SIGTERM);
	CHECK(signals_caught == 1);
	return 0;
}
