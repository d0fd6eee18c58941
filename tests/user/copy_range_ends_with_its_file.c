/*
 * copy_file_range within one file copies up to the end that the file had before, and ranges that overlap
 * only behind that end do not overlap. It does not go from one file system to another.
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(PAGE), other = memfd_create("other", 0);
	loff_t from = 1000, to = PAGE + 500;
	char byte;

	CHECK(copy_file_range(fd, &from, fd, &to, 2 * PAGE, 0) == PAGE - 1000);
	CHECK(from == PAGE && to == 2 * PAGE - 500);
	CHECK(pread(fd, &byte, 1, PAGE) == 1 && byte == 0);
	CHECK(pread(fd, &byte, 1, PAGE + 500) == 1 && byte == 1);
	CHECK_ERRNO(copy_file_range(fd, &from, other, NULL, PAGE, 0), EXDEV);
	from = 5 * PAGE, to = 5 * PAGE + 10;
	CHECK(copy_file_range(fd, &from, fd, &to, PAGE, 0) == 0);
	from = 0, to = -10;
	CHECK_ERRNO(copy_file_range(fd, &from, fd, &to, 9, 0), EINVAL);
	CHECK_ERRNO(copy_file_range(fd, &from, fd, &to, 11, 0), EOVERFLOW);
	to = 10;
	CHECK_ERRNO(copy_file_range(fd, &from, fd, &to, PAGE, 0), EINVAL);
	return 0;
}
