/*
 * Faults read the file without moving its position.
 *
 * rows: A20
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(8 * PAGE);
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 2 * PAGE), byte;

	CHECK(p != MAP_FAILED && lseek(fd, PAGE + 7, SEEK_SET) == PAGE + 7);
	CHECK(p[0] == 3 && p[3 * PAGE] == 6);
	p[PAGE] = 1;
	CHECK(lseek(fd, 0, SEEK_CUR) == PAGE + 7);
	CHECK(read(fd, &byte, 1) == 1 && byte == 2);
	p[2 * PAGE] = 1;
	CHECK(lseek(fd, 0, SEEK_CUR) == PAGE + 8);
	return 0;
}
