/*
 * Writing to a private file mapping copies the page: the file, and whoever else maps it, keep what
 * they had.
 *
 * rows: A22 A26 D28 D32
 * disk-too: 16M -b 2048 -I 128
 */
#include "check.h"

#define BYTES (6 * PAGE)

int main(void)
{
	int fd = temp_file(BYTES);
	char *p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *q = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), byte;

	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	CHECK(p[0] == 1 && p[PAGE] == 2); /* Seen before written, and not. */
	for (unsigned i = 0; i < 4; i++)
		p[i * PAGE + 10] = 'p';
	q[PAGE + 10] = 'q';
	for (unsigned i = 0; i < 6; i++) {
		CHECK(p[i * PAGE + 10] == (i < 4 ? 'p' : (char)(i + 1)));
		CHECK(p[i * PAGE + 11] == (char)(i + 1));
		CHECK(q[i * PAGE + 10] == (i == 1 ? 'q' : (char)(i + 1)));
		CHECK(pread(fd, &byte, 1, i * PAGE + 10) == 1 && byte == (char)(i + 1));
	}
	CHECK(munmap(p, BYTES) == 0 && munmap(q, BYTES) == 0);
	CHECK(pread(fd, &byte, 1, 10) == 1 && byte == 1);
	return 0;
}
