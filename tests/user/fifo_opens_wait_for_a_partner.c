/*
 * Opening a FIFO waits for the other side, unless O_NONBLOCK says not to; O_RDWR has both sides.
 *
 * disk-too: 16M -b 2048 -I 128
 */
#include "files.h"

int main(void)
{
	char text[8];
	int fd, status;
	pid_t pid;

	folder_enter();
	CHECK(mkfifo("fifo", 0600) == 0 && S_ISFIFO(stat_of("fifo").st_mode));
	CHECK_ERRNO(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO);
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	CHECK(fd >= 0 && read(fd, text, 1) == 0 && close(fd) == 0);
	fd = open("fifo", O_RDWR);
	CHECK(fd >= 0 && write(fd, "both", 4) == 4 && read(fd, text, 8) == 4 && close(fd) == 0);
	pid = fork();
	if (pid == 0) {
		sleep_ms(100);
		fd = open("fifo", O_WRONLY);
		CHECK(fd >= 0 && write(fd, "hello", 5) == 5);
		_exit(0);
	}
	fd = open("fifo", O_RDONLY); /* Waits. */
	CHECK(fd >= 0 && read(fd, text, 8) == 5 && memcmp(text, "hello", 5) == 0);
	CHECK(read(fd, text, 8) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}
