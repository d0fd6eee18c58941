/*
 * The slots of a process that is killed are free again, and so are those of memory that is unmapped or given up.
 *
 * rows: A44 A46 E45 E27
 * quire-only
 * swap: 16M
 */
#include "swap.h"

#include <signal.h>

int main(void)
{
	long used = SWAP_USED;
	char *at = pages_in_swap(32);
	int ready[2];
	char c;
	pid_t pid;

	CHECK(munmap(at, 16 * PAGE) == 0);
	CHECK(SWAP_USED == used + 16 * 4);
	CHECK(madvise(at + 16 * PAGE, 16 * PAGE, MADV_DONTNEED) == 0);
	CHECK(SWAP_USED == used && at[16 * PAGE] == 0);
	CHECK(pipe(ready) == 0);
	pid = fork();
	if (pid == 0) {
		pages_in_swap(32);
		CHECK(write(ready[1], "", 1) == 1);
		pause();
	}
	CHECK(read(ready[0], &c, 1) == 1);
	CHECK(SWAP_USED >= used + 32 * 4);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(SWAP_USED == used);
	return 0;
}
