/*
 * When other pages come to an address, the very next access sees them: no translation is
 * remembered.
 *
 * rows: B10 B31 C3 C29
 */
#include "check.h"

#define ROUNDS 1000

int main(void)
{
	int fd = temp_file(2 * PAGE);
	volatile char *p = map_anon(PAGE);

	for (int i = 0; i < ROUNDS; i++) {
		int anon = i % 3 == 2 ? MAP_ANONYMOUS : 0;

		CHECK(mmap((void *)p, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | anon,
			   anon ? -1 : fd, i % 3 == 1 ? PAGE : 0) == p);
		CHECK(*p == (anon ? 0 : i % 3 + 1));
		*p = 'w';
		CHECK(mprotect((void *)p, PAGE, PROT_READ) == 0 && *p == 'w');
		CHECK(mprotect((void *)p, PAGE, PROT_READ | PROT_WRITE) == 0);
		*p = 'v';
		CHECK(*p == 'v');
	}
	return 0;
}
