/*
 * ksyms.h: the kernel's own function names, for backtraces.
 *
 * The table is made from the linked kernel by tools/ksyms.py and linked in by a second pass.
 */
#pragma once

#include "kernel/lib/types.h"

struct ksym {
	uint32_t addr;
	const char *name;
};

extern const struct ksym ksyms[]; /* Sorted by address. */
extern const uint32_t ksyms_count;

/* The function that holds addr and the offset in it; NULL when addr is not in the kernel's text. */
const char *ksym_lookup(uint32_t addr, uint32_t *offset);
