/* SIGCHLD's siginfo has the child's pid, and the exit code or the signal it ended with. */
#include "signals.h"

static volatile siginfo_t seen;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	seen = *info;
}

int main(void)
{
	pid_t pid;

	handle_info(SIGCHLD, handler, 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0)
		_exit(7);
	while (seen.si_signo == 0)
		sleep_ms(1);
	CHECK(seen.si_code == CLD_EXITED && seen.si_pid == pid && seen.si_status == 7);
	wait_status(pid, 0);
	seen.si_signo = 0;
	pid = child_that_waits();
	CHECK(kill(pid, SIGKILL) == 0);
	while (seen.si_signo == 0)
		sleep_ms(1);
	CHECK(seen.si_code == CLD_KILLED && seen.si_pid == pid && seen.si_status == SIGKILL);
	wait_status(pid, 0);
	return 0;
}
