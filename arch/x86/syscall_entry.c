/*
 * syscall_entry.c: system calls by sysenter, from the frame that entry.S built to the next instruction of
 * the program.
 *
 * sysenter tells the kernel neither where it came from nor where the stack was. The vDSO, which is the
 * only place it is for, puts the stack pointer into ebp and what was there on top of the stack; and the
 * way back is always to its landing. sysexit loads less than iret, so it serves only when nothing but the
 * call itself has happened: no signal, no step, and no other frame than the call's.
 */

#include "arch/x86/cpu.h"
#include "arch/x86/trap.h"
#include "arch/x86/vdso/vdso.h"
#include "kernel/abi/errno.h"
#include "kernel/sync/thread.h"
#include "kernel/syscall.h"
#include "mm/aspace.h"

static uint32_t landing(void)
{
	return thread_current()->aspace->image.vsyscall + VDSO_LANDING;
}

__from_entry void int80_dispatch(struct trapframe *tf)
{
	(void)syscall_dispatch(tf);
	trap_leave(tf);
}

__from_entry bool sysenter_dispatch(struct trapframe *tf)
{
	bool plain;

	tf->eip = landing();
	plain = syscall_dispatch(tf) && !(tf->eflags & EFLAGS_TF);
	irq_disable();
	if (likely(plain && !trap_has_work()))
		return true;
	trap_leave(tf);
	return false;
}

__from_entry void sysenter_bad_stack(struct trapframe *tf)
{
	tf->eip = landing();
	tf->eax = (uint32_t)-EFAULT;
	trap_leave(tf);
}
