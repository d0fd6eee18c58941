/* A signal frame whose data segments cannot be loaded gives null ones: the program goes on until it uses them. */
#include "signals.h"

static void handler(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	note_signal(sig);
	(void)info;
	uc->uc_mcontext.gregs[REG_FS] = 0xFFFF;
}

int main(void)
{
	uint32_t fs = 1;

	handle_info(SIGUSR1, handler, 0);
	CHECK(raise(SIGUSR1) == 0 && signals_caught == 1);
	__asm__ volatile("movl %%fs, %0" : "=r"(fs));
	CHECK(fs == 0);
	return 0;
}
