/*
 * Nothing is ever mapped at address 0, so that a null pointer always faults.
 *
 * rows: B11
 */
#include "probe.h"

int main(void)
{
	void *p = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED && (uintptr_t)p >= PAGE);
	CHECK(setuid(1) == 0 || errno == EPERM); /* Root may map at 0 on Linux. */
	CHECK_ERRNO(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
		    EPERM);
	CHECK(probe_is_segv(probe_read(NULL), SEGV_MAPERR, NULL));
	return 0;
}
