/* A frame that does not fit on the alternate stack is not written below it: the program dies. */
#include "signals.h"

static char memory[16384];

static void handler(int sig)
{
	if (signals_caught < 100) {
		note_signal(sig);
		raise(SIGUSR1); /* Deeper and deeper. */
	}
}

static void overflow(void *unused)
{
	stack_t ss = {.ss_sp = memory + 8192, .ss_size = 8192};

	(void)unused;
	CHECK(sigaltstack(&ss, NULL) == 0);
	handle(SIGUSR1, handler, SA_ONSTACK | SA_NODEFER);
	raise(SIGUSR1);
}

int main(void)
{
	CHECK(child_signal(overflow, NULL) == SIGSEGV);
	return 0;
}
