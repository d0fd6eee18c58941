/* A child whose parent dies becomes init's, who waits for it: its pid is free again. */
#include "check.h"

#include <signal.h>

#define NAP_NS 10000000

static void nap(void)
{
	nanosleep(&(struct timespec){0, NAP_NS}, NULL);
}

int main(void)
{
	int ends[2], status;
	pid_t parent, orphan, reaper;

	CHECK(pipe(ends) == 0);
	parent = fork();
	if (parent == 0) {
		parent = getpid();
		orphan = fork();
		if (orphan == 0) {
			while (getppid() == parent)
				nap();
			reaper = getppid();
			CHECK(write(ends[1], &reaper, sizeof(reaper)) == sizeof(reaper));
			_exit(0);
		}
		CHECK(write(ends[1], &orphan, sizeof(orphan)) == sizeof(orphan));
		nap();
		_exit(0);
	}
	CHECK(read(ends[0], &orphan, sizeof(orphan)) == sizeof(orphan) && orphan > 0);
	CHECK(waitpid(parent, &status, 0) == parent && status == 0);
	CHECK(read(ends[0], &reaper, sizeof(reaper)) == sizeof(reaper));
	CHECK(reaper != parent && reaper != getpid());
	CHECK_ERRNO(waitpid(orphan, &status, 0), ECHILD);
	while (kill(orphan, 0) == 0)
		nap();
	CHECK(errno == ESRCH);
	return 0;
}
