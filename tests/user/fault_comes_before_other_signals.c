/* When a fault and another signal are due at once, the fault's context is that of the faulting instruction. */
#include "signals.h"

static uintptr_t fault_eip;
static bool other_ran;

static void other(int sig)
{
	(void)sig;
	other_ran = true;
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)sig;
	CHECK(info->si_addr == (void *)8 && uc->uc_mcontext.gregs[REG_TRAPNO] == 14);
	fault_eip = (uintptr_t)uc->uc_mcontext.gregs[REG_EIP];
	uc->uc_mcontext.gregs[REG_EIP] += 2; /* Over movl %eax, (%ecx). */
}

int main(void)
{
	uintptr_t eip;

	handle(SIGHUP, other, 0);
	handle_info(SIGSEGV, on_fault, 0);
	for (int i = 0; i < 200; i++) {
		struct itimerval soon = {.it_value = {.tv_usec = 1 + i}};

		handle(SIGALRM, other, 0);
		CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
		__asm__ volatile("movl $1f, %0; 1: movl %%eax, (%%ecx)"
				 : "=&r"(eip)
				 : "c"(8)
				 : "memory");
		CHECK(fault_eip == eip);
	}
	return 0;
}
