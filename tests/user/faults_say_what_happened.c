/*
 * SIGSEGV tells nothing mapped (SEGV_MAPERR) from no right (SEGV_ACCERR), and si_addr is the very
 * byte.
 *
 * rows: A35 B11 B29 C23 E8 E9
 */
#include "probe.h"

static const char constant[PAGE] = {1};

int main(void)
{
	char *p = map_anon(3 * PAGE), *text = (char *)main;

	CHECK(munmap(p + 2 * PAGE, PAGE) == 0 && mprotect(p, PAGE, PROT_NONE) == 0);
	CHECK(probe_is_segv(probe_read(NULL), SEGV_MAPERR, NULL));
	CHECK(probe_is_segv(probe_write((void *)0x123), SEGV_MAPERR, (void *)0x123));
	CHECK(probe_is_segv(probe(access_exec, NULL), SEGV_MAPERR, NULL));
	CHECK(probe_is_segv(probe_write(text), SEGV_ACCERR, text));
	CHECK(probe_is_segv(probe_write(constant + 77), SEGV_ACCERR, constant + 77));
	CHECK(probe_is_segv(probe_read(p + 1), SEGV_ACCERR, p + 1));
	CHECK(probe_is_segv(probe_write(p + 4095), SEGV_ACCERR, p + 4095));
	CHECK(probe_is_segv(probe_read(p + 2 * PAGE), SEGV_MAPERR, p + 2 * PAGE));
	CHECK(mprotect(p, PAGE, PROT_READ) == 0);
	CHECK(probe_read(p + 1).number == 0);
	CHECK(probe_is_segv(probe_write(p + 1), SEGV_ACCERR, p + 1));
	p[PAGE] = 1;
	CHECK(mprotect(p, 2 * PAGE, PROT_READ) == 0);
	CHECK(probe_is_segv(probe_write(p + PAGE), SEGV_ACCERR, p + PAGE));
	CHECK(p[PAGE] == 1 && child_signal(access_write, p) == SIGSEGV);
	return 0;
}
