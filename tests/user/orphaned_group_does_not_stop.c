/* SIGTSTP, SIGTTIN and SIGTTOU do nothing to a group that nobody could continue; SIGSTOP stops even that. */
#include "signals.h"

/* The leader of a new session has no parent in it: its group is orphaned. */
static void orphan(void *unused)
{
	(void)unused;
	CHECK(setsid() == getpid());
	CHECK(raise(SIGTSTP) == 0 && raise(SIGTTIN) == 0 && raise(SIGTTOU) == 0);
}

int main(void)
{
	pid_t child;

	CHECK(child_run(orphan, NULL) == 0);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		orphan(NULL);
		raise(SIGSTOP);
		_exit(3);
	}
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	CHECK(kill(child, SIGCONT) == 0);
	CHECK(WEXITSTATUS(wait_status(child, 0)) == 3);
	return 0;
}
