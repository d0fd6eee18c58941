/*
 * Under the Windows personality a process of several threads, all of whose kernel stacks are in swap, dies of
 * SIGKILL; and it ends when one of them, woken, ends it.
 *
 * rows: D21
 * quire-only
 * swap: 16M
 * append: personality=windows
 */
#include "threads.h"
#include "windows.h"

#include <signal.h>

static int go[2];

static void *sleep_long(void *number)
{
	char c;

	if (number == (void *)1 && read(go[0], &c, 1) == 1)
		_exit(7);
	for (;;)
		pause();
}

static pid_t start(long out)
{
	pid_t pid = fork();

	if (pid == 0)
		threads_run(sleep_long);
	stacks_await(out + THREADS + 1);
	return pid;
}

int main(void)
{
	long out = stacks_settle();
	pid_t pid;
	int status = 0;

	CHECK(pipe(go) == 0);
	pid = start(out);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	pid = start(out);
	CHECK(write(go[1], "", 1) == 1 && waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	vm_check();
	return 0;
}
