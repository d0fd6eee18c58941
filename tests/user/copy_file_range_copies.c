/*
 * copy_file_range copies from one regular file to another, from given places or from the files' own
 * positions, stops at the end, and refuses what it cannot do.
 */
#define _GNU_SOURCE
#include "files.h"

int main(void)
{
	int in = temp_file(5 * PAGE), out = temp_file(0), fds[2];
	off_t from = PAGE + 9, to = 100;
	char byte;

	CHECK(copy_file_range(in, &from, out, &to, 2 * PAGE, 0) == 2 * PAGE);
	CHECK(from == 3 * PAGE + 9 && to == 2 * PAGE + 100 && lseek(out, 0, SEEK_CUR) == 0);
	CHECK(pread(out, &byte, 1, 99) == 1 && byte == 0);
	CHECK(pread(out, &byte, 1, 100) == 1 && byte == 2);
	CHECK(pread(out, &byte, 1, 2 * PAGE + 99) == 1 && byte == 4);
	CHECK(lseek(in, 4 * PAGE, SEEK_SET) == 4 * PAGE);
	CHECK(copy_file_range(in, NULL, out, NULL, 9 * PAGE, 0) == PAGE);
	CHECK(lseek(in, 0, SEEK_CUR) == 5 * PAGE && lseek(out, 0, SEEK_CUR) == PAGE);
	CHECK(copy_file_range(in, NULL, out, NULL, PAGE, 0) == 0);
	from = 0;
	to = PAGE;
	CHECK(copy_file_range(in, &from, in, &to, PAGE, 0) == PAGE);
	CHECK(pread(in, &byte, 1, PAGE) == 1 && byte == 1);
	CHECK_ERRNO(copy_file_range(in, &to, in, &from, 4 * PAGE, 0), EINVAL);
	CHECK_ERRNO(copy_file_range(in, NULL, out, NULL, 1, 1), EINVAL);
	CHECK_ERRNO(copy_file_range(in, NULL, 99, NULL, 1, 0), EBADF);
	CHECK(pipe(fds) == 0);
	CHECK_ERRNO(copy_file_range(fds[0], NULL, out, NULL, 1, 0), EINVAL);
	return 0;
}
