/*
 * A mapping reads nothing when it is made: what is written to the file afterwards shows through it.
 *
 * rows: A18 A11
 * disk-too: 16M -b 4096
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(4 * PAGE);
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	CHECK(p != MAP_FAILED);
	CHECK(pwrite(fd, "!", 1, 2 * PAGE + 5) == 1);
	CHECK(p[2 * PAGE + 5] == '!' && p[2 * PAGE + 6] == 3);
	CHECK(pwrite(fd, "?", 1, 2 * PAGE + 6) == 1); /* Seen, but not yet copied. */
	CHECK(p[2 * PAGE + 6] == '?');
	p[2 * PAGE] = 'c';
	CHECK(pwrite(fd, "#", 1, 2 * PAGE + 7) == 1);
	CHECK(p[2 * PAGE + 7] == 3); /* The copy is ours alone. */
	CHECK(p[3 * PAGE] == 4);
	return 0;
}
