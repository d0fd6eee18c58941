/*
 * mprotect to the rights that private locked memory has already does not copy its pages: one that could not be
 * had when it was locked shows the file.
 *
 * rows: D28
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(0), rights = PROT_READ | PROT_WRITE;
	char *p = mmap(NULL, PAGE, rights, MAP_PRIVATE | MAP_LOCKED, fd, 0);

	CHECK(p != MAP_FAILED && ftruncate(fd, PAGE) == 0);
	CHECK(mprotect(p, PAGE, rights) == 0);
	CHECK(pwrite(fd, "a", 1, 0) == 1 && p[0] == 'a');
	return 0;
}
