/* When the exit of a process orphans a group with a stopped member, the group gets SIGHUP and SIGCONT. */
#include "signals.h"

static volatile pid_t *shared;

static void hung_up(int sig)
{
	shared[1] = sig;
	_exit(0);
}

/* Leads a session, has a stopped child in a group of its own, and ends. */
static void leader(void *unused)
{
	pid_t child;

	(void)unused;
	CHECK(setsid() == getpid());
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		handle(SIGHUP, hung_up, 0);
		CHECK(setpgid(0, 0) == 0);
		raise(SIGSTOP);
		for (;;)
			pause();
	}
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	shared[0] = child;
}

int main(void)
{
	shared = map_shared(PAGE);
	CHECK(child_run(leader, NULL) == 0);
	for (int i = 0; i < 2000 && shared[1] == 0; i++)
		sleep_ms(1);
	CHECK(shared[1] == SIGHUP);
	return 0;
}
