/*
 * A buffer in stack that has not grown yet is good for a system call: the kernel grows it, for
 * reading and for writing.
 *
 * rows: E51 E32 E33
 * lab: stack
 */
#include "stack.h"

#include <sys/resource.h>

int main(void)
{
	char *start = stack_start(), *end;
	struct rlimit limit;
	int pipes[2];

	CHECK(pipe(pipes) == 0 && write(pipes[1], "grow", 4) == 4);
	CHECK(read(pipes[0], start - 3 * PAGE - 2, 4) == 4); /* Across a page line. */
	CHECK(memcmp(start - 3 * PAGE - 2, "grow", 4) == 0);
	CHECK(maps_at(start).start == (uintptr_t)start - 4 * PAGE);
	CHECK(write(pipes[1], start - 9 * PAGE, 10) == 10);
	CHECK(maps_at(start).start == (uintptr_t)start - 9 * PAGE);
	end = stack_end();
	CHECK(getrlimit(RLIMIT_STACK, &limit) == 0);
	limit.rlim_cur = 1 << 20;
	CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
	CHECK_ERRNO(write(pipes[1], end - (1 << 20) - 1, 1), EFAULT);
	CHECK(write(pipes[1], end - (1 << 20), 1) == 1);
	return 0;
}
