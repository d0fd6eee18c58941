/*
 * extable.h: kernel instructions that may fault, and where to go on when they do.
 *
 * Assembly adds entries with EXTABLE() of asm.h; the linker script collects them.
 */
#pragma once

#include "arch/x86/asm.h"
#include "kernel/lib/types.h"

struct extable_entry {
	uint32_t insn, fixup; /* Addresses in the kernel's text. */
	uint32_t kind;	      /* EXTABLE_FAULT or EXTABLE_NOFAULT. */
};

/* The entry of the instruction at this address, or NULL. */
const struct extable_entry *extable_find(uint32_t eip);
