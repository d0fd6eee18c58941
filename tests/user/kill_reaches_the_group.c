/* kill(-group) and kill(0) reach every process of the group and nobody else. */
#include "signals.h"

#define MEMBERS 3

static void leader(void *unused)
{
	pid_t members[MEMBERS], outsider;

	(void)unused;
	CHECK(setpgid(0, 0) == 0);
	handle(SIGUSR1, SIG_IGN, 0);
	outsider = child_that_waits();
	CHECK(setpgid(outsider, outsider) == 0);
	for (int i = 0; i < MEMBERS; i++)
		members[i] = child_that_waits();
	CHECK(kill(0, SIGUSR1) == 0); /* All of us ignore it. */
	handle(SIGTERM, note_signal, 0);
	CHECK(kill(-getpid(), SIGTERM) == 0);
	CHECK(signals_caught == 1);
	for (int i = 0; i < MEMBERS; i++)
		CHECK(WTERMSIG(wait_status(members[i], 0)) == SIGTERM);
	CHECK(waitpid(outsider, NULL, WNOHANG) == 0);
	CHECK(kill(-outsider, SIGKILL) == 0);
	CHECK(WTERMSIG(wait_status(outsider, 0)) == SIGKILL);
}

int main(void)
{
	CHECK(child_run(leader, NULL) == 0);
	return 0;
}
