/*
 * sendfile to a pipe without readers is EPIPE even at the end of the file; O_APPEND is no matter for a
 * pipe.
 */
#include "check.h"

#include <signal.h>
#include <sys/sendfile.h>

int main(void)
{
	int fd = temp_file(PAGE), ends[2];

	signal(SIGPIPE, SIG_IGN);
	CHECK(pipe(ends) == 0 && fcntl(ends[1], F_SETFL, O_APPEND) == 0);
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	CHECK(sendfile(ends[1], fd, NULL, 100) == 100 && lseek(fd, 0, SEEK_END) == PAGE);
	CHECK(sendfile(ends[1], fd, NULL, 100) == 0);
	close(ends[0]);
	CHECK_ERRNO(sendfile(ends[1], fd, NULL, 100), EPIPE);
	return 0;
}
