/*
 * A child keeps every page although its parent unmaps, remaps and reuses the memory at once.
 *
 * rows: A25 A31 B25
 */
#include "check.h"

#define BYTES (100 * PAGE)

int main(void)
{
	char *p = map_anon(BYTES), go;
	int pipes[2], status;
	pid_t pid;

	CHECK(pipe(pipes) == 0);
	touch_write(p, BYTES, 'p');
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(read(pipes[0], &go, 1) == 1);
		CHECK(pages_hold(p, BYTES, 'p'));
		touch_write(p, BYTES, 'c');
		_exit(pages_hold(p, BYTES, 'c') ? 0 : 1);
	}
	CHECK(munmap(p, BYTES) == 0);
	touch_write(map_anon(2 * BYTES), 2 * BYTES, 'x');
	CHECK(write(pipes[1], "g", 1) == 1);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}
