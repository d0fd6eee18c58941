/*
 * exec_layout.h: where the parts of a new program stand, and how far chance moves them (address space
 * layout randomisation), as Linux i386 does it:
 *
 *	stack_top	below user_top, in 2048 pages; and the first stack pointer in 8 KiB more
 *	mmap_top	below the room the stack may take, in 256 pages; libraries and vDSO follow from it
 *	pie_base	from 4 MiB on, in 256 pages: so the heap has most of the space, and mmap the rest
 *	brk		behind the program, in 8192 pages; only if kernel.randomize_va_space is 2
 */
#pragma once

#include "kernel/lib/types.h"

/* personality(2): give my programs the same addresses each time. */
#define ADDR_NO_RANDOMIZE 0x0040000u

struct exec_layout {
	uint32_t stack_top;  /* Page aligned; below it, */
	uint32_t stack_skip; /* so many bytes between the strings and the vectors stay free. */
	uint32_t mmap_top;
	uint32_t pie_base;
	uint32_t brk_skip; /* Bytes, whole pages. */
};

/* kernel.randomize_va_space: 0 nothing, 1 all but the heap, 2 all. The option norandmaps makes it 0. */
extern uint32_t randomize_va_space;

void exec_layout_init(void);

/* For the current process, whose stack may grow to stack_limit bytes. */
void exec_layout_choose(struct exec_layout *l, uint32_t stack_limit);
