/*
 * dump.h: explaining the machine's state to a person: registers, addresses, backtraces.
 *
 * Backtraces follow the frame pointers on the stack they start on. Each record is read only if it
 * lies in a mapped kernel stack and above the one before, so a smashed stack ends the list and
 * nothing else. Entries into the kernel leave a record too (entry.S): the list goes through them.
 */
#pragma once

#include "arch/x86/trapframe.h"

/* Tell panic() and fail_now() to use these. */
void dump_init(void);

/* What stands at this address, in words. */
const char *dump_region(uint32_t va);

/* True when a push at this kernel stack pointer hits a guard page. */
bool dump_is_stack_overflow(uint32_t esp);

/* Log the registers, with cr2 and cr3. */
void dump_registers(const struct trapframe *tf);

/* Log the function at eip (0: skip) and those that called it, from the frame record at ebp. */
void dump_backtrace(uint32_t eip, uint32_t ebp);
