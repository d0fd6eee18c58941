/*
 * RLIMIT_FSIZE lets a write come to the limit, and then makes it EFBIG with SIGXFSZ; truncation
 * upwards too.
 *
 * disk-too: 16M -b 2048 -I 128
 */
#include "files.h"

#include <signal.h>
#include <sys/resource.h>

static volatile int signals;

static void count(int sig)
{
	(void)sig;
	signals++;
}

int main(void)
{
	struct rlimit limit = {1000, RLIM_INFINITY};
	char block[PAGE] = "";
	int fd = temp_file(0);

	signal(SIGXFSZ, count);
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHECK(write(fd, block, PAGE) == 1000 && signals == 0);
	CHECK_ERRNO(write(fd, block, 1), EFBIG);
	CHECK(signals == 1);
	CHECK_ERRNO(ftruncate(fd, 1001), EFBIG);
	CHECK(signals == 2 && ftruncate(fd, 1000) == 0);
	CHECK(pwrite(fd, block, 500, 100) == 500 && lseek(fd, 0, SEEK_END) == 1000);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_ERRNO(pwrite(fd, block, 1, 5000), EFBIG);
	return 0;
}
