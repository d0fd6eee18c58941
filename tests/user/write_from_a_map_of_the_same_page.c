/*
 * A file written from a mapping of that very page ends, with the bytes that were there.
 *
 * rows: E47
 * disk-too: 16M -b 1024
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(2 * PAGE);
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(p != MAP_FAILED);
	CHECK(pwrite(fd, p, PAGE, 0) == PAGE); /* A page to itself. */
	CHECK(pages_hold(p, PAGE, 1));
	CHECK(pwrite(fd, p + PAGE, PAGE, 0) == PAGE); /* One page to another, untouched before. */
	CHECK(pages_hold(p, 2 * PAGE, 2));
	CHECK(pread(fd, p + 8, PAGE, 0) == PAGE); /* And back, over the line between them. */
	CHECK(pages_hold(p, 2 * PAGE, 2));
	return 0;
}
