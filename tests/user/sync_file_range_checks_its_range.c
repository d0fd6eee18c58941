/*
 * sync_file_range writes a file's pages, and refuses unknown flags, ranges that are none, and files
 * that have no pages.
 */
#include "check.h"

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600), ends[2];
	char c = 'x';

	CHECK(fd >= 0 && write(fd, &c, 1) == 1 && pipe(ends) == 0);
	CHECK(sync_file_range(fd, 0, 0, 0) == 0);
	CHECK(sync_file_range(fd, 0, 1,
			      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
				      SYNC_FILE_RANGE_WAIT_AFTER) == 0);
	CHECK(sync_file_range(fd, 1 << 20, INT64_MAX >> 1, SYNC_FILE_RANGE_WRITE) == 0);
	CHECK_ERRNO(sync_file_range(fd, 0, 1, 8), EINVAL);
	CHECK_ERRNO(sync_file_range(fd, -1, 1, 0), EINVAL);
	CHECK_ERRNO(sync_file_range(fd, 1, -1, 0), EINVAL);
	CHECK_ERRNO(sync_file_range(fd, INT64_MAX, 1, 0), EINVAL);
	CHECK_ERRNO(sync_file_range(ends[0], 0, 1, 0), ESPIPE);
	CHECK_ERRNO(sync_file_range(-1, 0, 1, 0), EBADF);
	return 0;
}
