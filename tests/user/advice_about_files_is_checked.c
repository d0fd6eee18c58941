/*
 * posix_fadvise takes every advice about any range of a file and refuses what is none; readahead wants a file
 * that can be read and has pages; neither changes what the file holds.
 *
 * disk-too: 16M -b 1024
 */
#include "check.h"

#include <limits.h>

/* What posix_fadvise64 returns for each: an error, not -1. */
static void check_advice(int fd, int pipe_end)
{
	for (int advice = POSIX_FADV_NORMAL; advice <= POSIX_FADV_NOREUSE; advice++) {
		CHECK(posix_fadvise64(fd, 0, 0, advice) == 0);
		CHECK(posix_fadvise64(fd, 1, 5000, advice) == 0);
		CHECK(posix_fadvise64(fd, INT64_MAX, INT64_MAX, advice) == 0);
		CHECK(posix_fadvise64(fd, 1ll << 45, 1, advice) == 0);
		CHECK(posix_fadvise64(fd, PAGE, -1, advice) == EINVAL);
		CHECK(posix_fadvise64(pipe_end, 0, 0, advice) == ESPIPE);
		CHECK(posix_fadvise64(-1, 0, 0, advice) == EBADF);
	}
	CHECK(posix_fadvise64(fd, 0, 0, 6) == EINVAL && posix_fadvise64(fd, 0, 0, -1) == EINVAL);
	CHECK(posix_fadvise64(open("/dev/null", O_RDONLY), 0, 0, POSIX_FADV_WILLNEED) == 0);
}

int main(void)
{
	int fd = temp_file(40 * PAGE + 10), ends[2], only_write;
	char page[PAGE];

	CHECK(pipe(ends) == 0);
	check_advice(fd, ends[0]);
	CHECK(readahead(fd, 0, 40 * PAGE) == 0 && readahead(fd, 39 * PAGE, UINT_MAX) == 0);
	CHECK(readahead(fd, 1ll << 45, PAGE) == 0 && readahead(fd, 0, 0) == 0);
	CHECK_ERRNO(readahead(ends[0], 0, PAGE), EINVAL);
	CHECK_ERRNO(readahead(-1, 0, PAGE), EBADF);
	only_write = open("advised", O_WRONLY | O_CREAT, 0600);
	CHECK(only_write >= 0 && unlink("advised") == 0);
	CHECK_ERRNO(readahead(only_write, 0, PAGE), EBADF);
	for (int i = 0; i < 40; i++)
		CHECK(pread(fd, page, PAGE, i * PAGE) == (ssize_t)PAGE && page[PAGE - 1] == i + 1);
	CHECK(pread(fd, page, PAGE, 40 * PAGE) == 10 && page[9] == 41);
	return 0;
}
