/* A pending signal is discarded when its action becomes to ignore it, and an ignored one never becomes pending. */
#include "signals.h"

int main(void)
{
	block(SIGUSR1);
	CHECK(raise(SIGUSR1) == 0 && is_pending(SIGUSR1));
	handle(SIGUSR1, SIG_IGN, 0);
	CHECK(!is_pending(SIGUSR1));
	handle(SIGUSR1, note_signal, 0);
	unblock(SIGUSR1);
	CHECK(signals_caught == 0);
	block(SIGCHLD);
	CHECK(raise(SIGCHLD) == 0 && is_pending(SIGCHLD)); /* Blocked: it may get a handler. */
	handle(SIGCHLD, SIG_DFL, 0);
	CHECK(!is_pending(SIGCHLD));
	handle(SIGUSR2, SIG_IGN, 0);
	CHECK(raise(SIGUSR2) == 0 && !is_pending(SIGUSR2));
	return 0;
}
