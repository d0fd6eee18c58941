/*
 * readv and writev move their segments in order, and refuse too many, negative ones and bad
 * addresses; a bad segment behind a good one cuts the transfer short.
 */
#include "check.h"

#include <sys/uio.h>

int main(void)
{
	static struct iovec many[1025];
	char a[3], b[8] = "",
		   *bad = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec out[] = {{"abc", 3}, {"", 0}, {"defgh", 5}};
	struct iovec in[] = {{a, 3}, {NULL, 0}, {b, 8}};
	struct iovec cut[] = {{"abc", 3}, {bad, 5}};
	int fd = temp_file(0);

	CHECK(writev(fd, out, 3) == 8);
	CHECK(preadv(fd, in, 3, 0) == 8 && memcmp(a, "abc", 3) == 0 && strcmp(b, "defgh") == 0);
	CHECK(writev(fd, out, 0) == 0 && writev(fd, many, 1024) == 0);
	CHECK_ERRNO(writev(fd, many, 1025), EINVAL);
	CHECK_ERRNO(writev(fd, out, -1), EINVAL);
	CHECK_ERRNO(writev(fd, (struct iovec *)bad, 1), EFAULT);
	CHECK(writev(fd, cut, 2) == 3);
	CHECK_ERRNO(writev(fd, cut + 1, 1), EFAULT);
	out[2].iov_len = -1;
	CHECK_ERRNO(writev(fd, out, 3), EINVAL);
	CHECK(lseek(fd, 0, SEEK_CUR) == 11);
	CHECK_ERRNO(pwritev(fd, in, 1, -1), EINVAL);
	return 0;
}
