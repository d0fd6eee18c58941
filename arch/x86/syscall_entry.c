/*
 * syscall_entry.c: system calls by sysenter, from the frame that entry.S built to the next instruction of
 * the program.
 *
 * sysenter tells the kernel neither where it came from nor where the stack was. The vDSO, which is the
 * only place it is for, puts the stack pointer into ebp and what was there on top of the stack; and the
 * way back is always to its landing.
 */

#include "arch/x86/cpu.h"
#include "arch/x86/trap.h"
#include "arch/x86/uaccess.h"
#include "arch/x86/vdso/vdso.h"
#include "kernel/abi/errno.h"
#include "kernel/sync/thread.h"
#include "kernel/syscall.h"
#include "mm/aspace.h"

bool sysenter_dispatch(struct trapframe *tf)
{
	uint32_t landing = thread_current()->aspace->image.vsyscall + VDSO_LANDING;

	tf->eip = landing;
	if (likely(get_user_u32(&tf->ebp, (const void __user *)tf->esp) == 0))
		syscall_dispatch(tf);
	else
		tf->eax = (uint32_t)-EFAULT;
	trap_leave(tf);
	/* A signal, execve or sigreturn changes more than sysexit can load. */
	return tf->eip == landing && tf->cs == SEL_USER_CODE && tf->ss == SEL_USER_DATA &&
	       !(tf->eflags & EFLAGS_TF);
}
