/*
 * Duplicates and children share position and flags of one open file; opening again does not. The
 * close-on-exec flag is each descriptor's own; new ones get the lowest free number.
 *
 * rows: C11
 */
#include "files.h"

static void move_and_flag(void *arg)
{
	int fd = *(int *)arg;

	CHECK(lseek(fd, 5, SEEK_SET) == 5 && fcntl(fd, F_SETFL, O_APPEND) == 0);
}

int main(void)
{
	int fd, copy, again;

	folder_enter();
	file_make("file", "0123456789");
	fd = open("file", O_RDWR | O_CLOEXEC);
	copy = dup(fd);
	again = open("file", O_RDWR);
	CHECK(copy == fd + 1 && again == fd + 2);
	CHECK(child_run(move_and_flag, &copy) == 0);
	CHECK(lseek(fd, 0, SEEK_CUR) == 5 && fcntl(fd, F_GETFL) & O_APPEND);
	CHECK(lseek(again, 0, SEEK_CUR) == 0 && !(fcntl(again, F_GETFL) & O_APPEND));
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(copy, F_GETFD) == 0);
	CHECK(close(copy) == 0 && dup(again) == copy);
	CHECK(dup2(fd, 50) == 50 && fcntl(50, F_GETFD) == 0 && fcntl(fd, F_DUPFD, 50) == 51);
	CHECK(dup2(fd, fd) == fd);
	CHECK_ERRNO(dup3(fd, fd, 0), EINVAL);
	CHECK_ERRNO(dup2(99, 5), EBADF);
	CHECK_ERRNO(dup2(fd, 1 << 20), EBADF);
	CHECK_ERRNO(close(99), EBADF);
	return 0;
}
