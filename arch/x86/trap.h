/*
 * trap.h: exceptions, interrupts and system calls, as entry.S hands them over.
 *
 * At boot, after cpu_init() and gdt_init(): trap_init(), and from then on an exception explains
 * itself. Interrupt lines come to life one by one, through irq_register().
 */
#pragma once

#include "arch/x86/trapframe.h"

/* Called by entry.S: the frame comes in ecx. */
#define __from_entry __attribute__((fastcall))

/* Load the IDT, set up the interrupt controllers with all lines masked, and tell panic() how to
 * show registers and backtraces. */
void trap_init(void);

/* From entry.S, for everything but system calls; interrupts are off. */
void trap_dispatch(struct trapframe *tf);

/* On the way to user mode: let others run, deliver signals. Returns with interrupts off and nothing left to do. */
__from_entry void trap_leave(struct trapframe *tf);

/* entry.S: where sysenter begins, and the end of where the user's trap flag may still be on. */
extern const uint8_t sysenter_entry[], sysenter_entry_end[];

/* Is there something to do before the current thread returns to user mode? Interrupts are off. */
bool trap_has_work(void);

/* From entry.S: a call by int $0x80; a call by sysenter, with all of tf filled in but eip; one of which the sixth
 * argument cannot be read. Return as trap_leave() does; true if sysexit can end the call. */
__from_entry void int80_dispatch(struct trapframe *tf);
__from_entry bool sysenter_dispatch(struct trapframe *tf);
__from_entry void sysenter_bad_stack(struct trapframe *tf);

/* fault.c: exception 14. */
void page_fault(struct trapframe *tf);

/* What an exception is called in words. */
const char *trap_words(uint32_t vector);

/* If the exception table knows the interrupted kernel instruction: go on at its fixup, true. */
bool trap_fixup(struct trapframe *tf);

/* Panic with the registers and the backtrace of the interrupted code. */
void trap_panic(const struct trapframe *tf, const char *fmt, ...) __noreturn __printf(2, 3);
