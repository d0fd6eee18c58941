/*
 * A program that enters the kernel with a stack pointer from nowhere, or from the kernel's half, faults when
 * it is back, and harms nobody else. (Some CPUs have no sysenter for it, which is a fault as well.)
 */
#include "check.h"

static void enter(void *stack)
{
	__asm__ volatile("movl %0, %%ebp\n\tmovl $20, %%eax\n\tsysenter" ::"r"(stack)
			 : "eax", "ecx", "edx", "memory");
}

int main(void)
{
	static const uint32_t stacks[] = {0,	      4,	  PAGE - 2,
					  0xbffffffd, 0xbfffffff, 0xc0000000,
					  0xc0100000, 0xfffffffc, 0xffffffff};
	char *hole = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (unsigned i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		int sig = child_signal(enter, (void *)stacks[i]);

		CHECK(sig == SIGSEGV || sig == SIGILL);
	}
	CHECK(child_signal(enter, hole) != 0 && child_signal(enter, hole + PAGE - 2) != 0);
	return 0;
}
