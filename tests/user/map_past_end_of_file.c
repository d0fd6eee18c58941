/*
 * A mapping past the end of its file is zero to the end of the last page, and SIGBUS beyond.
 *
 * rows: A19 E28 E55
 * disk-too: 16M -b 2048 -I 128
 */
#include "probe.h"

int main(void)
{
	int fd = temp_file(PAGE + 1000);
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), byte;
	struct probe got;
	int pipes[2];

	CHECK(p != MAP_FAILED);
	CHECK(p[PAGE + 999] == 2);
	for (unsigned i = PAGE + 1000; i < 2 * PAGE; i++)
		CHECK(p[i] == 0);
	got = probe_read(p + 2 * PAGE);
	CHECK(got.number == SIGBUS && got.code == BUS_ADRERR && got.addr == p + 2 * PAGE);
	got = probe_write(p + 3 * PAGE + 5);
	CHECK(got.number == SIGBUS && got.code == BUS_ADRERR && got.addr == p + 3 * PAGE + 5);
	CHECK(pipe(pipes) == 0);
	CHECK_ERRNO(write(pipes[1], p + 2 * PAGE, 1), EFAULT);
	p[PAGE + 1500] = 'x'; /* Never part of the file. */
	CHECK(pread(fd, &byte, 1, PAGE + 1500) == 0);
	CHECK(ftruncate(fd, 3 * PAGE) == 0);
	CHECK(probe_read(p + 2 * PAGE).number == 0 && p[2 * PAGE] == 0);
	CHECK(probe_read(p + 3 * PAGE).number == SIGBUS);
	return 0;
}
