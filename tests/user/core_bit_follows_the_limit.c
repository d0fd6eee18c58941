/*
 * A death that would leave a core file says so in its status, if the limit of core files allows
 * one.
 * quire-only
 */
#include "signals.h"

#include <sys/resource.h>

static bool dumps(int sig, rlim_t size)
{
	struct rlimit limit = {.rlim_cur = size, .rlim_max = RLIM_INFINITY};
	pid_t child;

	CHECK(setrlimit(RLIMIT_CORE, &limit) == 0);
	child = child_that_waits();
	CHECK(kill(child, sig) == 0);
	int status = wait_status(child, 0);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	return WCOREDUMP(status);
}

int main(void)
{
	CHECK(dumps(SIGQUIT, RLIM_INFINITY) && dumps(SIGSEGV, 4096));
	CHECK(!dumps(SIGTERM, RLIM_INFINITY) && !dumps(SIGKILL, RLIM_INFINITY));
	CHECK(!dumps(SIGQUIT, 0));
	return 0;
}
