/*
 * A file opened with O_DIRECT holds the same bytes as without, or else opening it so, and turning it so, is
 * EINVAL, and nothing was cut or made.
 *
 * disk-too: 16M -b 1024
 */
#include "check.h"

static char page[PAGE] __attribute__((aligned(4096)));

static void check_bytes(int fd)
{
	memset(page, 'd', PAGE);
	CHECK(pwrite(fd, page, PAGE, PAGE) == (ssize_t)PAGE);
	memset(page, 0, PAGE);
	CHECK(pread(fd, page, PAGE, PAGE) == (ssize_t)PAGE && page[PAGE - 1] == 'd');
	CHECK(pread(fd, page, PAGE, 2 * PAGE) == (ssize_t)PAGE && page[0] == 3);
}

int main(void)
{
	int fd = temp_file(3 * PAGE), direct, flags = fcntl(fd, F_GETFL);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	direct = open(path, O_RDWR | O_DIRECT);
	CHECK(direct >= 0 || errno == EINVAL);
	if (direct >= 0) {
		CHECK(fcntl(direct, F_GETFL) & O_DIRECT);
		check_bytes(direct);
		return 0;
	}
	CHECK_ERRNO(fcntl(fd, F_SETFL, flags | O_DIRECT), EINVAL);
	CHECK(fcntl(fd, F_GETFL) == flags);
	CHECK_ERRNO(open(path, O_RDWR | O_TRUNC | O_DIRECT), EINVAL);
	CHECK(lseek(fd, 0, SEEK_END) == 3 * PAGE);
	check_bytes(fd);
	return 0;
}
