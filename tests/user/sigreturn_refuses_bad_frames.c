/* A signal frame with a code or stack segment that is no user's, or none at all, ends in SIGSEGV. */
#include "signals.h"

static uint32_t selector;
static int which;

static void handler(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)sig;
	(void)info;
	uc->uc_mcontext.gregs[which] = (int)selector;
}

static void spoil(void *unused)
{
	(void)unused;
	handle_info(SIGUSR1, handler, 0);
	raise(SIGUSR1);
}

static void no_frame(void *number)
{
	__asm__ volatile("movl $0x1000, %%esp; int $0x80" ::"a"(*(int *)number));
}

int main(void)
{
	static const uint32_t selectors[] = {0, 0x10, 0x60, 0x68, 0x80, 0xFFFF};
	static int numbers[] = {SYS_sigreturn, SYS_rt_sigreturn};

	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++) {
		selector = selectors[i];
		which = REG_CS;
		CHECK(child_signal(spoil, NULL) == SIGSEGV);
		which = REG_SS;
		CHECK(child_signal(spoil, NULL) == SIGSEGV);
	}
	CHECK(child_signal(no_frame, &numbers[0]) == SIGSEGV);
	CHECK(child_signal(no_frame, &numbers[1]) == SIGSEGV);
	return 0;
}
