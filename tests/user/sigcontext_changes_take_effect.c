/* What a handler writes into its context is what the program goes on with: registers, FPU, mask. */
#include "signals.h"

static void plain(int sig, struct sigcontext sc)
{
	note_signal(sig);
	CHECK(sc.trapno == 0 || sc.trapno == 14);
	((volatile struct sigcontext *)&sc)->ebx = 0x1234;
}

static void rt(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	note_signal(sig);
	(void)info;
	uc->uc_mcontext.gregs[REG_EBX] = 0x5678;
	sigaddset(&uc->uc_sigmask, SIGUSR2);
	uc->uc_mcontext.fpregs->cw = 0xFFFF0C7F;
}

static uint32_t ebx_after_kill(int sig)
{
	uint32_t b = (uint32_t)getpid();
	int a = SYS_kill;

	__asm__ volatile("int $0x80" : "+a"(a), "+b"(b) : "c"(sig) : "memory");
	CHECK(a == 0);
	return b;
}

int main(void)
{
	uint16_t cw;

	handle(SIGUSR1, (void (*)(int))(void *)plain, 0);
	CHECK(ebx_after_kill(SIGUSR1) == 0x1234);
	handle_info(SIGUSR1, rt, 0);
	CHECK(ebx_after_kill(SIGUSR1) == 0x5678);
	CHECK(is_blocked(SIGUSR2) && signals_caught == 2);
	__asm__ volatile("fnstcw %0" : "=m"(cw));
	CHECK(cw == 0x0C7F);
	return 0;
}
