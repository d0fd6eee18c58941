/*
 * The parent's first write after fork is a copy at once: no translation from before the fork lets
 * it through to the child.
 *
 * rows: B28 B31 C29
 */
#include "check.h"

int main(void)
{
	volatile char *p = map_anon(16 * PAGE);
	int pipes[2], status;

	CHECK(pipe(pipes) == 0);
	for (int round = 0; round < 50; round++) {
		char go;
		pid_t pid;

		touch_write(p, 16 * PAGE, 'b'); /* Hot in the TLB, and writable. */
		pid = fork();
		CHECK(pid >= 0);
		if (pid == 0) {
			CHECK(read(pipes[0], &go, 1) == 1);
			_exit(pages_hold(p, 16 * PAGE, 'b') ? 0 : 1);
		}
		touch_write(p, 16 * PAGE, 'a');
		CHECK(write(pipes[1], "g", 1) == 1);
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
		CHECK(pages_hold(p, 16 * PAGE, 'a'));
	}
	return 0;
}
