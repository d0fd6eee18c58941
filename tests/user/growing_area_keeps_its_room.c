/*
 * No mapping that may choose its place comes within 256 pages below an area that grows, though one
 * that insists may; the area grows close to what nobody can reach, but not to what somebody can.
 *
 * rows: A17 C14
 * lab: stack
 */
#include "probe.h"

#define ROOM (256 * PAGE)

int main(void)
{
	int rw = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *low = mmap(NULL, 2 * ROOM, PROT_NONE, flags, -1, 0), *area = low + 2 * ROOM - PAGE,
	     *p;

	CHECK(low != MAP_FAILED && munmap(low, 2 * ROOM) == 0);
	p = mmap(area, PAGE, rw, flags | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	CHECK(p == area);

	p = mmap(area - 10 * PAGE, PAGE, rw, flags, -1, 0);
	CHECK(p != MAP_FAILED && p != area - 10 * PAGE);
	CHECK((p < area - ROOM || p > area) && munmap(p, PAGE) == 0);
	p = mmap(area - ROOM - PAGE, PAGE, rw, flags, -1, 0);
	CHECK(p == area - ROOM - PAGE && munmap(p, PAGE) == 0);

	p = mmap(area - 10 * PAGE, PAGE, PROT_NONE, flags | MAP_FIXED, -1, 0);
	CHECK(p == area - 10 * PAGE);
	CHECK(probe_write(area - 1).number == 0);
	CHECK(probe_write(area - 9 * PAGE).number == 0);
	CHECK(mprotect(p, PAGE, PROT_READ) == 0);
	CHECK(munmap(area - 9 * PAGE, 5 * PAGE) == 0);
	CHECK(probe_write(area - 5 * PAGE).number == SIGSEGV);
	return 0;
}
