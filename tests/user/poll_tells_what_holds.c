/*
 * poll and select tell what holds, sleep until something does or time is up, and name bad
 * descriptors.
 */
#include "check.h"

#include <poll.h>
#include <sys/select.h>

static int events(int fd, short wanted, int ms)
{
	struct pollfd p = {.fd = fd, .events = wanted, .revents = -1};

	return poll(&p, 1, ms) >= 0 ? p.revents : -1;
}

int main(void)
{
	struct timeval tv = {.tv_usec = 20000};
	struct timespec start, end;
	int fds[2];
	fd_set set;

	CHECK(pipe(fds) == 0);
	CHECK(events(fds[0], POLLIN, 0) == 0 && events(fds[1], POLLOUT, -1) == POLLOUT);
	clock_gettime(CLOCK_MONOTONIC, &start);
	CHECK(events(fds[0], POLLIN, 50) == 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	CHECK((end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000 >= 49);
	if (fork() == 0) {
		sleep_ms(50);
		_exit(write(fds[1], "x", 1) != 1);
	}
	CHECK(events(fds[0], POLLIN, -1) == POLLIN); /* Woken by the child. */
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	CHECK(select(fds[0] + 1, &set, NULL, NULL, NULL) == 1 && FD_ISSET(fds[0], &set));
	CHECK(read(fds[0], &start, 1) == 1);
	CHECK(select(fds[0] + 1, &set, NULL, NULL, &tv) == 0 && !FD_ISSET(fds[0], &set));
	CHECK(wait(NULL) > 0 && close(fds[1]) == 0);
	CHECK(events(fds[0], POLLIN, -1) == POLLHUP && events(fds[1], POLLIN, -1) == POLLNVAL);
	FD_SET(fds[1], &set);
	CHECK_ERRNO(select(fds[1] + 1, &set, NULL, NULL, NULL), EBADF);
	return 0;
}
