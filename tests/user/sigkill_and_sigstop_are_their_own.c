/* SIGKILL and SIGSTOP cannot be caught, ignored or blocked. */
#include "signals.h"

static void check_one(int sig)
{
	struct sigaction action = {.sa_handler = SIG_IGN}, old;
	sigset_t all;

	CHECK_ERRNO(sigaction(sig, &action, NULL), EINVAL);
	CHECK(sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_DFL);
	sigfillset(&all);
	CHECK(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
	CHECK(!is_blocked(sig) && is_blocked(SIGTERM));
}

int main(void)
{
	pid_t child;

	check_one(SIGKILL);
	check_one(SIGSTOP);
	child = child_that_waits(); /* With all blocked. */
	CHECK(kill(child, SIGTERM) == 0 && kill(child, SIGSTOP) == 0);
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	CHECK(kill(child, SIGKILL) == 0);
	CHECK(WTERMSIG(wait_status(child, 0)) == SIGKILL);
	return 0;
}
