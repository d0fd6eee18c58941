/*
 * Record locks keep other processes out of the bytes they cover and of no others, split and merge,
 * and go with the descriptor.
 */
#include "files.h"

static int set(int fd, short type, off_t start, off_t length)
{
	struct flock lock = {.l_type = type, .l_start = start, .l_len = length};

	return fcntl(fd, F_SETLK, &lock) == 0 ? 0 : errno;
}

/* What another process is told that wants to write [start, start + 1): the holder's first byte. */
static int blocked_by(off_t start)
{
	int status;

	if (fork() == 0) {
		struct flock lock = {.l_type = F_WRLCK, .l_start = start, .l_len = 1};
		int fd = open("file", O_RDWR);

		CHECK(fcntl(fd, F_GETLK, &lock) == 0);
		CHECK(lock.l_type == F_UNLCK || lock.l_pid == getppid());
		CHECK((set(fd, F_WRLCK, start, 1) == EAGAIN) == (lock.l_type != F_UNLCK));
		_exit(lock.l_type == F_UNLCK ? 99 : (int)lock.l_start);
	}
	CHECK(wait(&status) > 0 && WIFEXITED(status));
	return WEXITSTATUS(status);
}

int main(void)
{
	int fd;

	folder_enter();
	file_make("file", "");
	fd = open("file", O_RDWR);
	CHECK(set(fd, F_WRLCK, 10, 20) == 0 && set(fd, F_RDLCK, 50, 0) == 0);
	CHECK(blocked_by(9) == 99 && blocked_by(10) == 10 && blocked_by(29) == 10);
	CHECK(blocked_by(30) == 99 && blocked_by(1000) == 50);
	CHECK(set(fd, F_UNLCK, 15, 5) == 0);
	CHECK(blocked_by(14) == 10 && blocked_by(15) == 99 && blocked_by(20) == 20);
	CHECK(set(fd, F_WRLCK, 15, 5) == 0 && blocked_by(29) == 10);
	close(open("file", O_RDONLY)); /* Any descriptor of the file. */
	CHECK(blocked_by(10) == 99 && blocked_by(50) == 99);
	return 0;
}
