/* Only root and processes of the same user may signal a process: others get EPERM. */
#include "signals.h"

static void try(void *parent)
{
	pid_t pid = *(pid_t *)parent;

	CHECK(setuid(12345) == 0);
	CHECK_ERRNO(kill(pid, SIGTERM), EPERM);
	CHECK_ERRNO(kill(pid, 0), EPERM);
	CHECK(kill(pid, SIGCONT) == 0); /* It is in our session. */
	CHECK(kill(0, 0) == 0);		/* We are in our group. */
}

int main(void)
{
	pid_t me = getpid(), child;

	if (getuid() != 0)
		return 0; /* There is nobody else to be. */
	CHECK(child_run(try, &me) == 0);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		CHECK(setuid(12345) == 0);
		for (;;)
			pause();
	}
	sleep_ms(20);
	CHECK(kill(child, SIGTERM) == 0);
	CHECK(WTERMSIG(wait_status(child, 0)) == SIGTERM);
	return 0;
}
