/*
 * Reading a file into a mapping of that file, and writing it from one, works page by page although
 * each side waits for the other's pages.
 *
 * rows: E47
 * disk-too: 16M -b 2048 -I 128
 */
#include "check.h"

#define PAGES 8

int main(void)
{
	int fd = temp_file(PAGES * PAGE);
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), byte;

	CHECK(p != MAP_FAILED);
	/* The very page it lies in, and the next ones, none of them present. */
	CHECK(pread(fd, p, 2 * PAGE, 0) == 2 * PAGE && p[0] == 1 && p[PAGE] == 2);
	CHECK(pread(fd, p + 3 * PAGE, 2 * PAGE, 4 * PAGE) == 2 * PAGE);
	CHECK(p[3 * PAGE] == 5 && p[4 * PAGE] == 6 && p[5 * PAGE] == 6);
	/* From a page to itself, and to the pages that are read. */
	CHECK(pwrite(fd, p + 6 * PAGE, 2 * PAGE, 6 * PAGE) == 2 * PAGE);
	CHECK(pwrite(fd, p + 5 * PAGE, PAGE, 7 * PAGE - 10) == PAGE);
	CHECK(pread(fd, &byte, 1, 7 * PAGE - 11) == 1 && byte == 7);
	CHECK(pread(fd, &byte, 1, 7 * PAGE) == 1 && byte == 6);
	CHECK(pread(fd, &byte, 1, 8 * PAGE - 1) == 1 && byte == 8);
	return 0;
}
