/*
 * A write to a pipe whose memory ends in the middle leaves whole pages of it in the pipe, and nothing at all
 * of a write that should have stayed whole.
 */
#include "check.h"

#include <sys/ioctl.h>

static int in_pipe(int fd)
{
	int n = -1;

	CHECK(ioctl(fd, FIONREAD, &n) == 0);
	return n;
}

int main(void)
{
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd[2];

	CHECK(pipe(fd) == 0 && munmap(p + 3 * PAGE, PAGE) == 0);
	CHECK(write(fd[1], p + 3 * PAGE - 100, 200) == -1 && errno == EFAULT);
	CHECK(in_pipe(fd[0]) == 0);
	CHECK(write(fd[1], p + PAGE + 3000, 3 * PAGE) == PAGE);
	CHECK(in_pipe(fd[0]) == PAGE);
	/* 100 odd bytes go behind the 10 that are there, then whole pages. */
	CHECK(write(fd[1], p, 10) == 10);
	CHECK(write(fd[1], p + PAGE + 3000, 2 * PAGE + 100) == PAGE + 100);
	CHECK(write(fd[1], p + PAGE + 3000, 2 * PAGE) == PAGE);
	CHECK(in_pipe(fd[0]) == 3 * PAGE + 110);
	return 0;
}
