/*
 * sendfile copies from a file to anything that can be written, from a given place or from the
 * file's own position, and stops at the end.
 */
#include "files.h"

#include <sys/sendfile.h>

int main(void)
{
	int in = temp_file(20 * PAGE), out = temp_file(0), fds[2];
	off_t at = 5 * PAGE + 7;
	char byte, block[100];

	CHECK(lseek(in, 0, SEEK_SET) == 0);
	CHECK(sendfile(out, in, &at, 3 * PAGE) == 3 * PAGE && at == 8 * PAGE + 7);
	CHECK(lseek(in, 0, SEEK_CUR) == 0 && lseek(out, 0, SEEK_CUR) == 3 * PAGE);
	CHECK(pread(out, &byte, 1, PAGE - 8) == 1 && byte == 6);
	CHECK(pread(out, &byte, 1, PAGE - 7) == 1 && byte == 7);
	CHECK(lseek(in, 19 * PAGE, SEEK_SET) == 19 * PAGE && pipe(fds) == 0);
	CHECK(sendfile(fds[1], in, NULL, 2 * PAGE) == PAGE);
	CHECK(sendfile(fds[1], in, NULL, PAGE) == 0 && lseek(in, 0, SEEK_CUR) == 20 * PAGE);
	CHECK(read(fds[0], block, 100) == 100 && block[0] == 20 && block[99] == 20);
	CHECK_ERRNO(sendfile(out, fds[0], NULL, 1), EINVAL);
	CHECK_ERRNO(sendfile(out, 99, NULL, 1), EBADF);
	at = -1;
	CHECK_ERRNO(sendfile(out, in, &at, 1), EINVAL);
	return 0;
}
