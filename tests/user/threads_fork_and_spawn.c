/*
 * Threads have variables of their own, and each may make processes while the others do; those have just the
 * thread that made them.
 */
#include "threads.h"

#include <spawn.h>

extern char **environ;

static _Thread_local uintptr_t mine = 100;

static void check_child(pid_t pid, int expected)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == expected);
}

static void *make_processes(void *number)
{
	char *args[] = {"spawned", "x", NULL};
	uintptr_t n = (uintptr_t)number;
	pid_t pid;

	mine += n;
	for (int i = 0; i < 5; i++) {
		pid = fork();
		if (pid == 0)
			_exit((int)mine);
		check_child(pid, 100 + n);
		CHECK(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, args, environ) == 0);
		check_child(pid, 9);
	}
	CHECK(mine == 100 + n);
	return NULL;
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 9;
	threads_run(make_processes);
	CHECK(mine == 100);
	return 0;
}
