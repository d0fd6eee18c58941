/* SIGCONT continues a stopped process although it ignores, blocks or handles the signal. */
#include "signals.h"

static void stop_and_go(void (*handler)(int), bool blocked)
{
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		handle(SIGCONT, handler, 0);
		if (blocked)
			block(SIGCONT);
		raise(SIGSTOP);
		_exit(signals_caught);
	}
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	CHECK(kill(child, SIGCONT) == 0);
	CHECK(WEXITSTATUS(wait_status(child, 0)) == (handler == note_signal && !blocked));
}

int main(void)
{
	stop_and_go(SIG_DFL, false);
	stop_and_go(SIG_IGN, false);
	stop_and_go(note_signal, false);
	stop_and_go(note_signal, true);
	return 0;
}
