/* A SIGSEGV handler that makes the page writable returns to the instruction, which then succeeds. */
#include "signals.h"

static void repair(int sig, siginfo_t *info, void *context)
{
	(void)context;
	note_signal(sig);
	CHECK(info->si_code == SEGV_ACCERR);
	CHECK(mprotect((void *)((uintptr_t)info->si_addr & -PAGE), PAGE, PROT_READ | PROT_WRITE) ==
	      0);
}

int main(void)
{
	char *p = map_anon(10 * PAGE);

	handle_info(SIGSEGV, repair, 0);
	CHECK(mprotect(p, 10 * PAGE, PROT_NONE) == 0);
	touch_write(p, 10 * PAGE, 7);
	CHECK(signals_caught == 10 && pages_hold(p, 10 * PAGE, 7));
	return 0;
}
