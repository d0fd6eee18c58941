/*
 * IRET with EFLAGS.VM, from any code segment a program can name, ends the program at most.
 *
 * rows: B11
 */
#include "check.h"

#include <signal.h>

#define EFLAGS_VM 0x20000
#define EFLAGS_AC 0x40000

static uint32_t flags;

/* Where to in real mode: somewhere in its code, or the interrupt table. */
static void enter(void *code_segment)
{
	alarm(2);
	__asm__ volatile("pushl %0\n\t"
			 "popfl\n\t"
			 "pushl $0\n\t" /* gs fs ds es */
			 "pushl $0\n\t"
			 "pushl $0\n\t"
			 "pushl $0\n\t"
			 "pushl $0\n\t" /* ss esp */
			 "pushl $0x1000\n\t"
			 "pushl %1\n\t" /* eflags cs eip */
			 "pushl %2\n\t"
			 "pushl $0x1234\n\t"
			 "iret"
			 :
			 : "r"(flags), "r"(flags | EFLAGS_VM), "r"(code_segment)
			 : "memory");
}

int main(void)
{
	for (int ac = 0; ac < 2; ac++) {
		flags = 0x202 | (ac ? EFLAGS_AC : 0);
		for (uintptr_t cs = 0; cs < 8; cs++)
			CHECK(child_signal(enter, (void *)cs) == SIGSEGV);
		CHECK(child_signal(enter, (void *)0x40) == SIGSEGV);
		CHECK(child_signal(enter, (void *)0xFFFF) == SIGSEGV);
	}
	return 0;
}
