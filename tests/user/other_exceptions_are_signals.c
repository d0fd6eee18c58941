/*
 * What a program does wrong besides touching bad addresses is a signal to it as well: division, bad
 * and privileged instructions, breakpoints.
 *
 * rows: B11 E7
 */
#include "check.h"

#include <signal.h>

static void divide(void *zero)
{
	__asm__ volatile("xorl %%edx, %%edx\n\tdivl %0" : : "r"((unsigned)zero) : "eax", "edx");
}

static void overflow_divide(void *zero)
{
	__asm__ volatile("idivl %2" : : "d"(-1 + (int)zero), "a"(0), "r"(1));
}

#define INSTRUCTION(name, text)                                                                    \
	static void name(void *arg)                                                                \
	{                                                                                          \
		__asm__ volatile(text : : "a"(arg));                                               \
	}

INSTRUCTION(undefined, "ud2")
INSTRUCTION(halt, "hlt")
INSTRUCTION(disable_interrupts, "cli")
INSTRUCTION(out_port, "outb %%al, $0xF4")
INSTRUCTION(load_cr3, "movl %%eax, %%cr3")
INSTRUCTION(bad_selector, "movw $0x1000, %%ax; movw %%ax, %%fs")
INSTRUCTION(kernel_interrupt, "int $14")
INSTRUCTION(breakpoint, "int3")
INSTRUCTION(far_call, "lcall $0x08, $0")

int main(void)
{
	CHECK(child_signal(divide, NULL) == SIGFPE);
	CHECK(child_signal(overflow_divide, NULL) == SIGFPE);
	CHECK(child_signal(undefined, NULL) == SIGILL);
	CHECK(child_signal(halt, NULL) == SIGSEGV);
	CHECK(child_signal(disable_interrupts, NULL) == SIGSEGV);
	CHECK(child_signal(out_port, NULL) == SIGSEGV);
	CHECK(child_signal(load_cr3, NULL) == SIGSEGV);
	CHECK(child_signal(bad_selector, NULL) == SIGSEGV);
	CHECK(child_signal(kernel_interrupt, NULL) == SIGSEGV);
	CHECK(child_signal(breakpoint, NULL) == SIGTRAP);
	CHECK(child_signal(far_call, NULL) == SIGSEGV);
	return 0;
}
