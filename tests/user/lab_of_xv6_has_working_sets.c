/*
 * lab=xv6 gives each process a working set that it is promised, and promises all else that is asked for; a fork bomb
 * ends at 64 processes.
 * rows: A50
 * quire-only
 * append: lab=xv6
 */
#include "windows.h"

static void sleeper(void)
{
	pause();
	_exit(0);
}

int main(void)
{
	size_t much = 2047u << 20; /* More than there is. */
	int children = 0;
	pid_t pid;

	CHECK(working_set(getpid(), "minimum") > 0);
	CHECK(map_anon(much));
	while ((pid = fork()) > 0)
		children++;
	if (pid == 0)
		sleeper();
	CHECK(errno == EAGAIN && children >= 16 && children < 64);
}
