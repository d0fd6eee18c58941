/* With SA_NODEFER a handler can be interrupted by its own signal. */
#include "signals.h"

static int depth, deepest;

static void handler(int sig)
{
	depth++;
	deepest = depth > deepest ? depth : deepest;
	note_signal(sig);
	if (signals_caught < 10)
		raise(SIGUSR1);
	depth--;
}

int main(void)
{
	handle(SIGUSR1, handler, SA_NODEFER);
	raise(SIGUSR1);
	CHECK(signals_caught == 10 && deepest == 10);
	return 0;
}
