/* sigsuspend waits under another mask, returns EINTR after the handler, and puts the old mask back. */
#include "signals.h"

static bool blocked_in_handler;

static void handler(int sig)
{
	note_signal(sig);
	blocked_in_handler = is_blocked(SIGUSR2);
}

int main(void)
{
	sigset_t waiting;

	handle(SIGUSR1, handler, 0);
	block(SIGUSR1);
	CHECK(raise(SIGUSR1) == 0 && signals_caught == 0);
	sigfillset(&waiting);
	sigdelset(&waiting, SIGUSR1);
	CHECK_ERRNO(sigsuspend(&waiting), EINTR);
	CHECK(signals_caught == 1 && blocked_in_handler);
	CHECK(is_blocked(SIGUSR1) && !is_blocked(SIGUSR2));
	handle(SIGALRM, note_signal, SA_RESTART);
	block(SIGALRM);
	sigdelset(&waiting, SIGALRM);
	alarm_in_ms(30);
	CHECK_ERRNO(sigsuspend(&waiting), EINTR); /* SA_RESTART or not. */
	CHECK(signals_caught == 2 && is_blocked(SIGALRM));
	return 0;
}
