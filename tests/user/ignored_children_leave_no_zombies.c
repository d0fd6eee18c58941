/* With SIGCHLD ignored, or SA_NOCLDWAIT, children leave no zombies, and wait ends with the last. */
#include "signals.h"

static void check_with(void (*handler)(int), int flags)
{
	pid_t pids[5];

	handle(SIGCHLD, handler, flags);
	for (int i = 0; i < 5; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			nanosleep(&(struct timespec){0, 20000000}, NULL);
			_exit(i);
		}
		CHECK(pids[i] > 0);
	}
	CHECK_ERRNO(wait(NULL), ECHILD);
	for (int i = 0; i < 5; i++)
		CHECK_ERRNO(kill(pids[i], 0), ESRCH);
}

static void do_nothing(int sig)
{
	(void)sig;
}

int main(void)
{
	check_with(SIG_IGN, 0);
	check_with(do_nothing, SA_NOCLDWAIT | SA_RESTART);
	return 0;
}
