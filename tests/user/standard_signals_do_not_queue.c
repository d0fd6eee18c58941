/* A standard signal that is pending twice is delivered once, with the first one's details. */
#include "signals.h"

static int value;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	note_signal(sig);
	value = info->si_value.sival_int;
}

int main(void)
{
	handle_info(SIGUSR1, handler, 0);
	block(SIGUSR1);
	for (int i = 1; i <= 5; i++)
		CHECK(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = i}) == 0);
	unblock(SIGUSR1);
	CHECK(signals_caught == 1 && value == 1);
	CHECK(!is_pending(SIGUSR1));
	return 0;
}
