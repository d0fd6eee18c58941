/* With SA_RESETHAND the handler is gone when it runs: the second signal takes the default action. */
#include "signals.h"

static void twice(void *unused)
{
	(void)unused;
	handle(SIGUSR1, note_signal, SA_RESETHAND);
	raise(SIGUSR1);
	CHECK(signals_caught == 1);
	raise(SIGUSR1);
	CHECK(false);
}

int main(void)
{
	CHECK(child_signal(twice, NULL) == SIGUSR1);
	return 0;
}
