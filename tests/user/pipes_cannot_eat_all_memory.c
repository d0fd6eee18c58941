/*
 * Pipes and files opened until the kernel refuses end in an errno; nobody is killed and all works
 * again when they are closed.
 *
 * rows: A6 A14
 * mem: 32M
 * timeout: 120
 */
#include "check.h"

#include <signal.h>
#include <sys/resource.h>

static void fill_pipes(void *arg)
{
	static char block[PAGE];
	int made = 0, pipes[2];

	(void)arg;
	while (pipe2(pipes, O_NONBLOCK) == 0) {
		while (write(pipes[1], block, PAGE) > 0)
			;
		CHECK(errno == EAGAIN || errno == ENOMEM);
		made++;
	}
	CHECK(errno == EMFILE || errno == ENFILE || errno == ENOMEM);
	CHECK(made >= 100);
}

int main(void)
{
	struct rlimit limit = {1024, 1024};

	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	for (int round = 0; round < 2; round++) {
		CHECK(child_run(fill_pipes, NULL) == 0);
		touch_write(map_anon(4 << 20), 4 << 20, 1);
	}
	return 0;
}
