/*
 * vsyscall.S: the vDSO's way into the kernel, and the ways back from signal handlers.
 *
 * __kernel_vsyscall takes what int $0x80 takes. sysenter saves no return address and no stack pointer:
 * ebp brings the latter, and the kernel returns to the landing of the process's own vDSO. sysexit needs
 * ecx and edx, so the caller's are on the stack as well. The kernel finds the sixth argument, which was
 * in ebp, at the top of the stack.
 *
 * int $0x80 behind sysenter serves CPUs without it, and interrupted calls: to make one again, the
 * kernel lets the program go on two bytes before the landing, whichever way it came.
 *
 * The call frame information lets debuggers and C++ exceptions go through: in a signal handler's
 * return path all registers are in the sigcontext (DWARF expressions over esp).
 */
#include "arch/x86/vdso/vdso.h"
#include "kernel/abi/unistd.h"

	.text

	.globl __kernel_vsyscall
	.type __kernel_vsyscall, @function
__kernel_vsyscall:
	.cfi_startproc
	pushl %ecx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ecx, 0
	pushl %edx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset edx, 0
	pushl %ebp
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebp, 0
	movl %esp, %ebp
	.if . - __kernel_vsyscall != VDSO_SYSENTER
	.error "VDSO_SYSENTER"
	.endif
	sysenter
	int $0x80
	.if . - __kernel_vsyscall != VDSO_LANDING
	.error "VDSO_LANDING"
	.endif
	popl %ebp
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebp
	popl %edx
	.cfi_adjust_cfa_offset -4
	.cfi_restore edx
	popl %ecx
	.cfi_adjust_cfa_offset -4
	.cfi_restore ecx
	ret
	.cfi_endproc
	.size __kernel_vsyscall, . - __kernel_vsyscall

/* ---- call frame information of signal frames ---- */

/* A signed LEB128 of two bytes. */
#define LEB(n) ((n) & 0x7F) | 0x80, (n) >> 7
#define DW_CFA_DEF_CFA_EXPRESSION 0x0F
#define DW_CFA_EXPRESSION 0x10
#define DW_OP_DEREF 0x06
#define DW_OP_ESP 0x74 /* DW_OP_breg4: esp plus what follows. */

/* struct sigcontext (abi/ucontext.h) is context bytes above esp. DWARF numbers the registers from eax. */
	.macro SIGNAL_CFI context
	.cfi_escape DW_CFA_DEF_CFA_EXPRESSION, 4, DW_OP_ESP, LEB(\context + 28), DW_OP_DEREF
	.cfi_escape DW_CFA_EXPRESSION, 0, 3, DW_OP_ESP, LEB(\context + 44)
	.cfi_escape DW_CFA_EXPRESSION, 1, 3, DW_OP_ESP, LEB(\context + 40)
	.cfi_escape DW_CFA_EXPRESSION, 2, 3, DW_OP_ESP, LEB(\context + 36)
	.cfi_escape DW_CFA_EXPRESSION, 3, 3, DW_OP_ESP, LEB(\context + 32)
	.cfi_escape DW_CFA_EXPRESSION, 5, 3, DW_OP_ESP, LEB(\context + 24)
	.cfi_escape DW_CFA_EXPRESSION, 6, 3, DW_OP_ESP, LEB(\context + 20)
	.cfi_escape DW_CFA_EXPRESSION, 7, 3, DW_OP_ESP, LEB(\context + 16)
	.cfi_escape DW_CFA_EXPRESSION, 8, 3, DW_OP_ESP, LEB(\context + 56)
	.endm

#define PLAIN_CONTEXT 4 /* Behind the signal's number. */
#define RT_CONTEXT 160	/* Behind number, two pointers, siginfo, and the head of the ucontext. */

/* Each begins with a NOP, because unwinders look up the byte before a return address. */

	.org __kernel_vsyscall + VDSO_SIGRETURN - 1, 0x90
	.globl __kernel_sigreturn
	.type __kernel_sigreturn, @function
	.cfi_startproc simple
	.cfi_signal_frame
	SIGNAL_CFI PLAIN_CONTEXT
	nop
__kernel_sigreturn:
	popl %eax
	SIGNAL_CFI PLAIN_CONTEXT - 4
	movl $NR_sigreturn, %eax
	int $0x80
	.cfi_endproc
	.size __kernel_sigreturn, . - __kernel_sigreturn

	.org __kernel_vsyscall + VDSO_RT_SIGRETURN - 1, 0x90
	.globl __kernel_rt_sigreturn
	.type __kernel_rt_sigreturn, @function
	.cfi_startproc simple
	.cfi_signal_frame
	SIGNAL_CFI RT_CONTEXT
	nop
__kernel_rt_sigreturn:
	movl $NR_rt_sigreturn, %eax
	int $0x80
	.cfi_endproc
	.size __kernel_rt_sigreturn, . - __kernel_rt_sigreturn
