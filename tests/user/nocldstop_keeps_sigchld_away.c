/* With SA_NOCLDSTOP a child's stop and continuation send no SIGCHLD; its end does. */
#include "signals.h"

int main(void)
{
	pid_t child;

	handle(SIGCHLD, note_signal, SA_NOCLDSTOP | SA_RESTART);
	child = child_that_waits();
	CHECK(kill(child, SIGSTOP) == 0);
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	CHECK(kill(child, SIGCONT) == 0);
	CHECK(WIFCONTINUED(wait_status(child, WCONTINUED)));
	CHECK(signals_caught == 0);
	CHECK(kill(child, SIGKILL) == 0);
	CHECK(WIFSIGNALED(wait_status(child, 0)));
	CHECK(signals_caught == 1);
	return 0;
}
