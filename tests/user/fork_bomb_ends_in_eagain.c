/*
 * A fork bomb ends in EAGAIN at RLIMIT_NPROC, and when it has gone fork works as before.
 *
 * rows: A30
 * mem: 32M
 */
#include "check.h"

#include <sys/resource.h>

static void bomb(void *arg)
{
	volatile int *failed = arg;
	struct rlimit limit = {48, 48};

	CHECK(setrlimit(RLIMIT_NPROC, &limit) == 0);
	CHECK(setuid(65534) == 0 || errno == EPERM); /* Root has no such limit. */
	while (!*failed) {
		pid_t pid = fork();

		if (pid < 0) {
			CHECK(errno == EAGAIN);
			*failed = 1;
		}
	}
	while (wait(NULL) > 0)
		;
}

int main(void)
{
	volatile int *failed = map_shared(PAGE);

	for (int round = 0; round < 3; round++) {
		*failed = 0;
		CHECK(child_run(bomb, (void *)failed) == 0);
		CHECK(*failed == 1);
	}
	for (int i = 0; i < 60; i++)
		CHECK(child_run((void (*)(void *))free, NULL) == 0);
	return 0;
}
