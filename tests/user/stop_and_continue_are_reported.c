/* waitpid reports a child's stop and continuation once each; SIGCHLD comes with CLD_STOPPED and CLD_CONTINUED. */
#include "signals.h"

static volatile sig_atomic_t code;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	code = info->si_code;
}

static void check_one(pid_t child, int sig, int options, int wanted_code)
{
	CHECK(kill(child, sig) == 0);
	int status = wait_status(child, options);

	if (sig == SIGCONT)
		CHECK(WIFCONTINUED(status));
	else
		CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == sig);
	while (code != wanted_code)
		sleep_ms(1);
	CHECK(waitpid(child, &status, options | WNOHANG) == 0);
}

int main(void)
{
	pid_t child = child_that_waits();

	CHECK(setpgid(child, child) == 0); /* Not orphaned: we are in another group. */
	handle_info(SIGCHLD, handler, SA_RESTART);
	check_one(child, SIGSTOP, WUNTRACED, CLD_STOPPED);
	check_one(child, SIGCONT, WCONTINUED, CLD_CONTINUED);
	check_one(child, SIGTSTP, WUNTRACED, CLD_STOPPED);
	check_one(child, SIGCONT, WCONTINUED, CLD_CONTINUED);
	CHECK(kill(child, SIGTERM) == 0);
	CHECK(WTERMSIG(wait_status(child, 0)) == SIGTERM);
	return 0;
}
