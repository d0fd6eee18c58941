/*
 * asm.h: constants that assembly shares with C. Where C has a name of its own for one, trap.c or
 * mmu.c asserts that both agree. Holds only #defines.
 */
#pragma once

#include "arch/x86/vectors.h"

#define ASM_PTE_KERNEL 0x003 /* PTE_P | PTE_W */

/* Offsets in struct trapframe. */
#define TF_EBX 0
#define TF_EBP 20
#define TF_EIP 56
#define TF_CS 60
#define TF_EFLAGS 64

#define TSS_ESP0 4 /* In struct tss. */

/* struct extable_entry.kind */
#define EXTABLE_FAULT 0	  /* A page fault goes to vm_fault() first. */
#define EXTABLE_NOFAULT 1 /* A page fault goes to the fixup at once. */

/* What follows is assembly. */
/* clang-format off */

/* When the instruction at label insn faults for good, execution goes on at label fixup. */
#define EXTABLE(insn, fixup, kind)                                                                 \
	.pushsection .extable, "a";                                                                \
	.long insn, fixup, kind;                                                                   \
	.popsection

/*
 * STAC and CLAC (Intel SDM vol. 2): let the kernel touch user pages, or not. Only CPUs with SMAP
 * have them, so they are assembled as an instruction of the same length that does nothing on any
 * i686, leal 0(%esi), %esi, and cpu_init() writes the real one over it.
 */
#define SMAP_OPEN ALTERNATIVE(0xCB)
#define SMAP_CLOSE ALTERNATIVE(0xCA)
#define ALTERNATIVE(last_byte)                                                                     \
77:	.byte 0x8D, 0x76, 0x00;                                                                    \
	.pushsection .alternatives, "a";                                                           \
	.long 77b, last_byte;                                                                      \
	.popsection

/* clang-format on */
