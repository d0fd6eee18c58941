/*
 * A write that fails leaves the file position where it was, with O_APPEND as well; and pread and pwrite
 * say of a pipe that it has no positions, at either end.
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(PAGE), ends[2];
	char *bad = map_anon(PAGE), byte = 'x';

	CHECK(munmap(bad, PAGE) == 0);
	CHECK(fcntl(fd, F_SETFL, O_APPEND) == 0 && lseek(fd, 100, SEEK_SET) == 100);
	CHECK_ERRNO(write(fd, bad, 1), EFAULT);
	CHECK(lseek(fd, 0, SEEK_CUR) == 100);
	CHECK(write(fd, &byte, 1) == 1 && lseek(fd, 0, SEEK_CUR) == PAGE + 1);

	CHECK(pipe(ends) == 0);
	for (int i = 0; i < 2; i++) {
		CHECK_ERRNO(pread(ends[i], &byte, 1, 0), ESPIPE);
		CHECK_ERRNO(pwrite(ends[i], &byte, 1, 0), ESPIPE);
	}
	return 0;
}
