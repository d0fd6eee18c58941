/*
 * mprotect with PROT_GROWSDOWN begins with the first area of its range: it must be one that grows, even if
 * the range begins in a hole.
 *
 * rows: A13
 */
#include "probe.h"

int main(void)
{
	int rw = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = map_anon(4 * PAGE);

	CHECK(munmap(p, 2 * PAGE) == 0);
	CHECK_ERRNO(mprotect(p + PAGE, 2 * PAGE, PROT_READ | PROT_GROWSDOWN), EINVAL);
	CHECK_ERRNO(mprotect(p, 2 * PAGE, PROT_READ | PROT_GROWSDOWN), ENOMEM);
	CHECK(mmap(p + 2 * PAGE, 2 * PAGE, rw, flags | MAP_FIXED | MAP_GROWSDOWN, -1, 0) ==
	      p + 2 * PAGE);
	CHECK(mprotect(p + PAGE, 2 * PAGE, PROT_READ | PROT_GROWSDOWN) == 0);
	CHECK(probe_write(p + 2 * PAGE).number == SIGSEGV && probe_write(p + 3 * PAGE).number == 0);
	return 0;
}
