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
