/*
 * mprotect that makes private locked memory writable copies its pages at once: what is written to the
 * file afterwards is not seen there.
 *
 * rows: A13 D28
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(2 * PAGE);
	char *locked = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0), *free;

	free = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(locked != MAP_FAILED && free != MAP_FAILED && mlock(locked, 2 * PAGE) == 0);
	CHECK(locked[0] == 1 && free[0] == 1);
	CHECK(pwrite(fd, "a", 1, 0) == 1 && locked[0] == 'a' && free[0] == 'a');
	CHECK(mprotect(locked, PAGE, PROT_READ | PROT_WRITE) == 0);
	CHECK(mprotect(free, PAGE, PROT_READ | PROT_WRITE) == 0);
	CHECK(pwrite(fd, "b", 1, 0) == 1 && pwrite(fd, "b", 1, PAGE) == 1);
	CHECK(locked[0] == 'a' && locked[PAGE] == 'b' && free[0] == 'b');
	return 0;
}
