/*
 * Writing to a pipe that nobody can read is EPIPE and SIGPIPE, also for a writer that waits in a
 * full pipe; reading one that nobody can write is the end.
 */
#include "check.h"

#include <signal.h>

static void write_forever(void *arg)
{
	int *fds = arg;
	char block[PAGE] = "";

	close(fds[0]);
	for (;;)
		CHECK(write(fds[1], block, PAGE) > 0);
}

int main(void)
{
	int fds[2], status;
	char byte;
	pid_t pid;

	CHECK(pipe(fds) == 0);
	pid = fork();
	if (pid == 0)
		write_forever(fds);
	sleep_ms(100); /* It fills the pipe and waits. */
	close(fds[0]);
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	CHECK(WTERMSIG(status) == SIGPIPE);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERRNO(write(fds[1], "x", 1), EPIPE);
	close(fds[1]);
	CHECK(pipe(fds) == 0 && write(fds[1], "x", 1) == 1 && close(fds[1]) == 0);
	CHECK(read(fds[0], &byte, 1) == 1 && read(fds[0], &byte, 1) == 0);
	return 0;
}
