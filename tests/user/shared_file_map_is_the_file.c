/*
 * A shared mapping of a file is the file: what is written through it is read from it and the other
 * way round, by every process, also after who wrote it exited without munmap.
 *
 * rows: A12 A22 A24 D31 E43 E44
 * disk-too: 16M -b 1024
 */
#include "check.h"

#define BYTES (4 * PAGE)

static int fd;

static void write_and_exit(void *arg)
{
	char *p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	(void)arg;
	CHECK(p != MAP_FAILED && p[PAGE] == 2);
	p[PAGE + 1] = 17;
	p[3 * PAGE] = 18;
}

int main(void)
{
	char *p, *q, byte;

	fd = temp_file(BYTES - 100);
	p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	q = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 3 * PAGE);
	CHECK(p != MAP_FAILED && q != MAP_FAILED && p[0] == 1);
	CHECK(child_run(write_and_exit, NULL) == 0);
	CHECK(p[PAGE + 1] == 17 && p[3 * PAGE] == 18 && q[0] == 18);
	CHECK(pread(fd, &byte, 1, PAGE + 1) == 1 && byte == 17);
	CHECK(pwrite(fd, "w", 1, 2 * PAGE) == 1 && p[2 * PAGE] == 'w');
	p[BYTES - 50] = 'x'; /* Past the end: never part of the file. */
	CHECK(lseek(fd, 0, SEEK_END) == BYTES - 100 && pread(fd, &byte, 1, BYTES - 50) == 0);
	CHECK(munmap(p, BYTES) == 0);
	CHECK(pread(fd, &byte, 1, 3 * PAGE) == 1 && byte == 18);
	return 0;
}
