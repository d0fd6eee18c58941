/* A sleeping system call goes on when a signal comes that is ignored, or that stops and continues the process. */
#include "signals.h"

static void reader(int fd, int ready)
{
	char c;

	handle(SIGUSR1, SIG_IGN, 0);
	CHECK(write(ready, "r", 1) == 1);
	CHECK(read(fd, &c, 1) == 1 && c == 'x');
	_exit(5);
}

int main(void)
{
	int fds[2], ready[2];
	pid_t child;
	char c;

	CHECK(pipe(fds) == 0 && pipe(ready) == 0);
	child = fork();
	CHECK(child >= 0);
	if (child == 0)
		reader(fds[0], ready[1]);
	CHECK(read(ready[0], &c, 1) == 1);
	sleep_ms(30);
	CHECK(kill(child, SIGUSR1) == 0 && kill(child, SIGCHLD) == 0);
	CHECK(kill(child, SIGSTOP) == 0);
	CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
	CHECK(kill(child, SIGCONT) == 0);
	sleep_ms(10);
	CHECK(write(fds[1], "x", 1) == 1);
	CHECK(WEXITSTATUS(wait_status(child, 0)) == 5);
	return 0;
}
