/*
 * A read or write whose buffer ends in nothing moves what fits and tells how much; the file's
 * position follows.
 *
 * rows: E36
 * disk-too: 16M -b 4096
 */
#include "check.h"

int main(void)
{
	char *p = map_anon(2 * PAGE), check[16];
	int fd = temp_file(PAGE);

	CHECK(munmap(p + PAGE, PAGE) == 0);
	memset(p, 'x', PAGE);
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	CHECK(read(fd, p + PAGE - 10, 100) == 10 && lseek(fd, 0, SEEK_CUR) == 10);
	CHECK(p[PAGE - 11] == 'x' && p[PAGE - 10] == 1 && p[PAGE - 1] == 1);
	CHECK_ERRNO(read(fd, p + PAGE, 100), EFAULT);
	CHECK(lseek(fd, 0, SEEK_CUR) == 10);
	memset(p, 'y', PAGE);
	CHECK(write(fd, p + PAGE - 5, PAGE) == 5 && lseek(fd, 0, SEEK_CUR) == 15);
	CHECK(pread(fd, check, 7, 9) == 7 && memcmp(check, "\1yyyyy\1", 7) == 0);
	return 0;
}
