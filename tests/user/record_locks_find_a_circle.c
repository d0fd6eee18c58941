/*
 * Two processes that wait for each other's record lock: one is told EDEADLK, and the other gets its
 * lock once that one lets go.
 */
#include "files.h"

static int lock_byte(int fd, off_t at)
{
	struct flock lock = {.l_type = F_WRLCK, .l_start = at, .l_len = 1};

	return fcntl(fd, F_SETLKW, &lock) == 0 ? 0 : errno;
}

/* Lock the first byte, give the other time, then want the second. 1: it would never end. */
static int cross(off_t first, off_t second)
{
	int fd = open("file", O_RDWR), err;

	CHECK(lock_byte(fd, first) == 0);
	sleep_ms(200);
	err = lock_byte(fd, second);
	CHECK(err == 0 || err == EDEADLK);
	return err == EDEADLK;
}

int main(void)
{
	int status, told = 0;

	folder_enter();
	file_make("file", "");
	if (fork() == 0)
		_exit(cross(0, 1));
	if (fork() == 0)
		_exit(cross(1, 0));
	for (int i = 0; i < 2; i++) {
		CHECK(wait(&status) > 0 && WIFEXITED(status));
		told += WEXITSTATUS(status);
	}
	CHECK(told == 1);
	return 0;
}
