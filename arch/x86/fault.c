/*
 * fault.c: a page fault, from the CPU's error code to vm_fault() and what becomes of its answer.
 *
 *	from user mode		vm_fault(); an error becomes SIGSEGV or SIGBUS
 *	from a user copy	vm_fault(); an error goes to the fixup, which makes it -EFAULT
 *	  marked nofault	straight to the fixup
 *	from the kernel itself	panic: the kernel's map never changes under it
 *
 * The same vm_fault() serves both: the kernel has no way of its own to look at a user's page
 * tables.
 */

#include "arch/x86/cpu.h"
#include "arch/x86/dump.h"
#include "arch/x86/extable.h"
#include "arch/x86/layout.h"
#include "arch/x86/pte.h"
#include "arch/x86/trap.h"
#include "kernel/abi/errno.h"
#include "kernel/signal.h"
#include "kernel/sync/thread.h"
#include "mm/fault.h"

static void __noreturn fault_panic(const struct trapframe *tf, uint32_t va)
{
	const char *doing = tf->error & PF_WRITE   ? "writing"
			    : tf->error & PF_FETCH ? "executing"
						   : "reading";
	const char *why = tf->error & PF_RESERVED  ? "reserved bits are set in its page table entry"
			  : tf->error & PF_PRESENT ? "this is not allowed there"
						   : "nothing is mapped there";

	trap_panic(tf, "page fault: %s 0x%08x (%s) in %s mode: %s (error 0x%x)", doing, va,
		   dump_region(va), trapframe_from_user(tf) ? "user" : "kernel", why, tf->error);
}

/* What a program gets for an answer of vm_fault(). */
static void fault_signal(const struct trapframe *tf, uint32_t va, int err)
{
	/* All addresses of the kernel look alike: whether something is there is not to be seen. */
	uint32_t error = tf->error | (va >= USER_END ? PF_PRESENT : 0);

	switch (err) {
	case 0:
	case -EINTR: /* It is being killed; the way to user mode sees to that. */
		return;
	case -EFAULT:
		signal_raise_fault(SIGSEGV, SEGV_MAPERR, va, tf->vector, error);
		return;
	case -EACCES:
		signal_raise_fault(SIGSEGV, SEGV_ACCERR, va, tf->vector, error);
		return;
	default:
		signal_raise_fault(SIGBUS, BUS_ADRERR, va, tf->vector, error);
		return;
	}
}

static void fault_from_user(const struct trapframe *tf, uint32_t va)
{
	/* What the CPU itself may not touch (QEMU's takes the stack of IRET in user mode for that) stays
	 * so, whatever is mapped there. */
	bool implicit = (tf->error & (PF_PRESENT | PF_USER)) == PF_PRESENT;

	fault_signal(tf, va, implicit ? -EACCES : vm_fault(va, tf->error, tf->esp));
}

/* The user's stack pointer at its entry into the kernel: its frame is at the top of the stack. A
 * kernel thread that borrows an address space has none, and no stack there that could grow. */
static uint32_t user_stack_pointer(const struct thread *t)
{
	if (!t->is_user)
		return USER_END;
	return ((const struct trapframe *)t->context.kstack_top - 1)->esp;
}

static void fault_from_kernel(struct trapframe *tf, uint32_t va)
{
	const struct extable_entry *e = extable_find(tf->eip);
	struct thread *t = thread_current();

	if (!e || va >= USER_END)
		fault_panic(tf, va);
	if (e->kind == EXTABLE_FAULT && t->aspace &&
	    vm_fault(va, tf->error, user_stack_pointer(t)) == 0)
		return;
	tf->eip = e->fixup;
}

void page_fault(struct trapframe *tf)
{
	uint32_t va = cr2_read();

	if (tf->error & PF_RESERVED)
		fault_panic(tf, va);
	if (tf->eflags & EFLAGS_IF)
		irq_enable();
	if (trapframe_from_user(tf))
		fault_from_user(tf, va);
	else
		fault_from_kernel(tf, va);
}
