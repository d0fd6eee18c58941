/*
 * A file truncated by the child while parent and child share its mapping is SIGBUS for both at once,
 * though fork made them share the page table.
 *
 * disk-too: 16M -b 2048 -I 128
 */
#include "fork.h"
#include "probe.h"

#include <fcntl.h>

int main(void)
{
	int fd = open("truncated", O_RDWR | O_CREAT | O_TRUNC, 0600), status;
	char *p;
	pid_t pid;

	CHECK(fd >= 0 && unlink("truncated") == 0 && ftruncate(fd, 2 * PAGE) == 0);
	p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	p[0] = p[PAGE] = 7;
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(p[0] == 7 && p[PAGE] == 7); /* In the child's TLB through the shared table. */
		CHECK(ftruncate(fd, 0) == 0);
		CHECK(probe_read(p).number == SIGBUS && probe_read(p + PAGE).number == SIGBUS);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(probe_read(p).number == SIGBUS);
	return 0;
}
