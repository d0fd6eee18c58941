/*
 * The trap flag goes into a system call and comes out of it: each instruction before and behind traps, the
 * kernel's do not.
 */
#include "signals.h"
#include "vdso.h"

static volatile unsigned traps, outside;

static void count(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)info;
	traps++;
	if (sig != SIGTRAP || (uint32_t)uc->uc_mcontext.gregs[REG_EIP] >= 0xffffe000u)
		outside++;
}

int main(void)
{
	pid_t pid = getpid();
	long result, nested;

	handle_info(SIGTRAP, count, 0);
	__asm__ volatile("pushf\n\torl $0x4100, (%%esp)\n\tpopf\n\t" /* TF and NT. */
			 "movl %4, %%eax\n\tcall *%%gs:16\n\t"
			 "movl %%eax, %0\n\t"
			 "movl %4, %%eax\n\tint $0x80\n\t"
			 "pushf\n\tandl $~0x4100, (%%esp)\n\tpopf\n\t"
			 : "=&r"(result), "=&a"(nested)
			 : "b"(0), "c"(0), "i"(SYS_getpid)
			 : "memory", "cc");
	CHECK(result == pid && nested == pid);
	CHECK(traps >= 14 && traps < 40 && outside == 0);
	return 0;
}
