/* A handler is not interrupted by its own signal or those of sa_mask; afterwards they come, and the mask is back. */
#include "signals.h"

static int depth, deepest;

static void handler(int sig)
{
	depth++;
	deepest = depth > deepest ? depth : deepest;
	if (signals_caught == 0) {
		note_signal(sig);
		raise(SIGUSR1);
		raise(SIGUSR2);
		CHECK(is_blocked(SIGUSR1) && is_blocked(SIGUSR2));
		CHECK(is_pending(SIGUSR1) && is_pending(SIGUSR2));
	} else {
		note_signal(sig);
	}
	depth--;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};

	sigaddset(&action.sa_mask, SIGUSR2);
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	handle(SIGUSR2, handler, 0);
	raise(SIGUSR1);
	CHECK(signals_caught == 3 && deepest <= 2);
	CHECK(!is_blocked(SIGUSR1) && !is_blocked(SIGUSR2));
	return 0;
}
