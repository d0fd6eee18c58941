/*
 * Allocations that were made to fail from now on stop failing when they are told to, by a file that was
 * opened before.
 *
 * rows: A6
 * quire-only
 */
#include "fail.h"

int main(void)
{
	static const char *const points[] = {"kmalloc:1+", "cache_read:1+", "kmalloc:7+"};
	int fd = open(FAIL_FILE, O_WRONLY), pipes[2];

	CHECK(fd >= 0);
	for (int i = 0; i < 3; i++) {
		CHECK(write(fd, points[i], strlen(points[i])) == (ssize_t)strlen(points[i]));
		for (int n = 0; n < 10; n++)
			if (pipe(pipes) == 0)
				CHECK(close(pipes[0]) == 0 && close(pipes[1]) == 0);
		CHECK(write(fd, "off", 3) == 3);
		CHECK(pipe(pipes) == 0);
		CHECK(close(pipes[0]) == 0 && close(pipes[1]) == 0);
	}
	return 0;
}
