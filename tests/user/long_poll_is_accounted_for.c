/*
 * A process that waits for many files holds kernel memory for as long as it waits, all of which the
 * recount finds its owner for.
 *
 * quire-only
 */
#include "counters.h"

#include <poll.h>
#include <signal.h>

#define FILES 1000 /* Enough to need several pages. */

static void wait_for_ever(int fd)
{
	static struct pollfd files[FILES];

	for (int i = 0; i < FILES; i++)
		files[i] = (struct pollfd){.fd = fd, .events = POLLIN};
	poll(files, FILES, -1);
}

int main(void)
{
	long before = frames_free();
	int ends[2], status;
	pid_t pid;

	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0)
		wait_for_ever(ends[0]);
	sleep_ms(100);
	vm_check();
	CHECK(kill(pid, SIGKILL) == 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status));
	vm_check();
	CHECK(frames_free() >= before - 8);
	return 0;
}
