/*
 * A vfork child works in its parent's memory, and the parent waits until it exits or execs.
 *
 * rows: D25 D26
 */
#include "check.h"

static volatile int word;

int main(int argc, char **argv)
{
	int status, pipes[2];
	char byte;
	pid_t pid;

	if (argc == 2)
		return write(1, argv[1], 1) == 1 ? 0 : 1;
	CHECK(pipe(pipes) == 0);
	pid = vfork();
	if (pid == 0) {
		sleep_ms(50);
		word = 1;
		_exit(3);
	}
	CHECK(pid > 0 && word == 1); /* It has exited, not only started. */
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
	pid = vfork();
	if (pid == 0) {
		sleep_ms(20);
		word = 2;
		dup2(pipes[1], 1);
		execl("/proc/self/exe", "vfork", "again", NULL);
		_exit(1);
	}
	CHECK(pid > 0 && word == 2);
	close(pipes[1]);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(status == 0 && read(pipes[0], &byte, 1) == 1 && byte == 'a');
	return 0;
}
