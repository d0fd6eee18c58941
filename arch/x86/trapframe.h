/*
 * trapframe.h: the registers entry.S saves on the kernel stack, in the order it pushes them.
 *
 * The same layout serves interrupts, exceptions and system calls. esp and ss are only there when
 * the CPU came from user mode.
 */
#pragma once

#include "kernel/lib/types.h"

struct trapframe {
	uint32_t ebx, ecx, edx, esi, edi, ebp, eax; /* Linux's pt_regs order. */
	uint32_t ds, es, fs, gs;
	uint32_t orig_eax; /* System call number, or -1 when this was no system call. */
	uint32_t vector;
	uint32_t error;
	uint32_t eip, cs, eflags;
	uint32_t esp, ss;
};

static inline bool trapframe_from_user(const struct trapframe *tf)
{
	return (tf->cs & 3) == 3;
}

/* CF PF AF ZF SF TF DF OF RF AC: the flags a program may set by sigreturn, as on Linux. */
#define TRAPFRAME_USER_FLAGS 0x00050DD5u

/*
 * Take cs, ss and eflags of a frame for user mode from a program, which may write anything:
 * privilege stays 3, interrupts stay on, and virtual-8086 mode and I/O rights out of reach. A
 * selector that cannot be loaded makes the return a SIGSEGV; the data segments need no check
 * (entry.S).
 */
static inline void trapframe_set_user(struct trapframe *tf, uint32_t cs, uint32_t ss,
				      uint32_t eflags)
{
	tf->cs = (cs & 0xFFFF) | 3;
	tf->ss = (ss & 0xFFFF) | 3;
	tf->eflags = (tf->eflags & ~TRAPFRAME_USER_FLAGS) | (eflags & TRAPFRAME_USER_FLAGS);
}
