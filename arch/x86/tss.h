/* tss.h: the task state segments (Intel SDM vol. 3, 7.2.1). */
#pragma once

#include "kernel/lib/types.h"

struct tss {
	uint32_t backlink;
	uint32_t esp0, ss0, esp1, ss1, esp2, ss2;
	uint32_t cr3, eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, iomap_base;
};

_Static_assert(sizeof(struct tss) == 104, "a 32-bit TSS is 104 bytes");

/* The page directory the double-fault task runs on; it must never go away. */
void tss_set_fault_pgdir(uint32_t pgdir);

/* Inside a double fault: the registers of the code that was interrupted. */
const struct tss *tss_interrupted(void);

/* Where the double-fault task begins: trap.c. Interrupts are off, and there is no way back. */
void double_fault_entry(void) __noreturn;
