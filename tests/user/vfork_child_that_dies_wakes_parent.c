/*
 * A vfork child that is killed, by a signal or by a fault in the lent memory, gives the memory back
 * and wakes its parent.
 *
 * rows: D25
 */
#include "check.h"

#include <signal.h>

static volatile int steps;

int main(void)
{
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		steps++;
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && steps == 1);
	pid = vfork();
	if (pid == 0) {
		steps++;
		*(volatile int *)8 = 1;
		_exit(0);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && steps == 2);
	for (int i = 0; i < 100; i++) {
		pid = vfork();
		if (pid == 0) {
			steps++;
			_exit(0);
		}
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	CHECK(steps == 102);
	return 0;
}
