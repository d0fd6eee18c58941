/* A stopped process takes no signal but SIGKILL and SIGCONT; the others wait until it continues. */
#include "signals.h"

int main(void)
{
	pid_t child = child_that_waits();

	CHECK(kill(child, SIGSTOP) == 0);
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	CHECK(kill(child, SIGTERM) == 0);
	sleep_ms(30);
	CHECK(waitpid(child, NULL, WNOHANG) == 0);
	CHECK(kill(child, SIGKILL) == 0);
	CHECK(WTERMSIG(wait_status(child, 0)) == SIGKILL);
	child = child_that_waits();
	CHECK(kill(child, SIGSTOP) == 0);
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	CHECK(kill(child, SIGTERM) == 0 && kill(child, SIGCONT) == 0);
	CHECK(WTERMSIG(wait_status(child, 0)) == SIGTERM);
	return 0;
}
