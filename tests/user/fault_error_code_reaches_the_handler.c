/*
 * The signal frame holds the CPU's words: exception 14, and in the error code whether the page was
 * there (1), a write (2) and user mode (4).
 *
 * rows: C24 E5
 */
#include "probe.h"

static bool says(struct probe got, unsigned err)
{
	return got.number == SIGSEGV && got.trap == 14 && (got.err & 7) == err;
}

int main(void)
{
	char *p = map_anon(2 * PAGE);

	p[0] = 1;
	CHECK(mprotect(p, PAGE, PROT_READ) == 0 && munmap(p + PAGE, PAGE) == 0);
	CHECK(says(probe_read(p + PAGE), 4));
	CHECK(says(probe_write(p + PAGE), 6));
	CHECK(says(probe_write(p), 7));
	CHECK(says(probe_write((char *)main), 7));
	CHECK(says(probe_read(NULL), 4));
	return 0;
}
