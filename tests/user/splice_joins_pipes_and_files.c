/*
 * splice moves bytes between a pipe and a file, as many as are there, and blocks for none when it is
 * told so.
 *
 * disk-too: 16M -b 1024
 */
#define _GNU_SOURCE
#include "files.h"

#define NO_WAIT SPLICE_F_NONBLOCK

int main(void)
{
	int in = temp_file(2 * PAGE), out = temp_file(0), fds[2],
	    null = open("/dev/null", O_WRONLY);
	loff_t from = 10, to = 50;
	char block[PAGE];

	CHECK(pipe(fds) == 0);
	CHECK_ERRNO(splice(fds[0], NULL, out, NULL, PAGE, NO_WAIT), EAGAIN);
	CHECK(splice(in, &from, fds[1], NULL, 1000, 0) == 1000 && from == 1010);
	CHECK(splice(fds[0], NULL, out, &to, 400, 0) == 400 && to == 450);
	CHECK(pread(out, block, PAGE, 0) == 450 && block[49] == 0 && block[50] == 1);
	CHECK(splice(fds[0], NULL, null, NULL, PAGE, SPLICE_F_MOVE) == 600);
	CHECK_ERRNO(splice(fds[0], NULL, null, NULL, PAGE, NO_WAIT), EAGAIN);
	CHECK(lseek(in, 0, SEEK_SET) == 0);
	CHECK(splice(in, NULL, fds[1], NULL, 10, 0) == 10 && lseek(in, 0, SEEK_CUR) == 10);
	CHECK(splice(fds[0], NULL, null, NULL, 0, 0) == 0);
	CHECK_ERRNO(splice(fds[0], &from, null, NULL, 1, 0), ESPIPE);
	CHECK_ERRNO(splice(in, NULL, out, NULL, 1, 0), EINVAL);
	CHECK_ERRNO(splice(fds[1], NULL, out, NULL, 1, 0), EBADF);
	CHECK(splice(fds[0], NULL, null, NULL, PAGE, 0) == 10 && close(fds[1]) == 0);
	CHECK(splice(fds[0], NULL, null, NULL, PAGE, 0) == 0);
	return 0;
}
