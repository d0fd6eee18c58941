/*
 * entry.S: the way into the kernel and out again.
 *
 * Every entry builds the same struct trapframe on the kernel stack, on top of what the CPU pushed:
 *
 *	CPU	ss esp (from user mode only) eflags cs eip [error]
 *	stub	[error 0] vector
 *	common	orig_eax gs fs es ds eax ebp edi esi edx ecx ebx
 *
 * Three ways in, all with interrupts off until the registers are saved: the stubs of exceptions and
 * interrupts, the system call by int $0x80, and by sysenter. Three ways out: to user mode through trap_leave(),
 * with everything restored, by iret or by sysexit, or back into the interrupted kernel.
 *
 * The kernel runs with ds = es = SEL_USER_DATA, which is flat like its own; the user's values are
 * anything, so each entry reloads them. It never uses fs and gs: the user's stay loaded, and only
 * the way to user mode restores them, after the scheduler has loaded the thread's TLS descriptors. So they must
 * be saved before anything can switch to another thread.
 *
 * A user who wrote a frame (sigreturn) may have put selectors into it that cannot be loaded. Such a
 * load faults here, in the kernel, and the exception table repairs it: a data selector becomes
 * null, as Linux does it, and a failing iret becomes a general protection fault of the user.
 */
#include "arch/x86/asm.h"
#include "arch/x86/eflags.h"
#include "arch/x86/layout.h"

	.macro SAVE_REGISTERS
	pushl %gs
	pushl %fs
	pushl %es
	pushl %ds
	pushl %eax
	pushl %ebp
	pushl %edi
	pushl %esi
	pushl %edx
	pushl %ecx
	pushl %ebx
	SMAP_CLOSE /* The user may have come with EFLAGS.AC set. */
	cld
	movl $SEL_USER_DATA, %eax
	movl %eax, %ds
	movl %eax, %es
	.endm

	.macro RESTORE_GENERAL
	popl %ebx
	popl %ecx
	popl %edx
	popl %esi
	popl %edi
	popl %ebp
	popl %eax
	.endm

#define SKIP_ORIG_EAX_VECTOR_ERROR 12

	.text

/* ---- exceptions and interrupts ---- */

/* The stub of one vector; gives the CPU's error code a place where it has none. */
	.macro VECTOR number, has_error=0
	.type trap_vector_\number, @function
trap_vector_\number:
	.if \has_error == 0
	pushl $0
	.endif
	pushl $\number
	jmp trap_common
	.pushsection .rodata
	.long trap_vector_\number
	.popsection
	.endm

/* Their addresses, for the IDT. */
	.pushsection .rodata
	.balign 4
	.globl trap_vectors
trap_vectors:
	.popsection

	.irp number, 0, 1, 2, 3, 4, 5, 6, 7
	VECTOR \number
	.endr
	VECTOR 8, 1
	VECTOR 9
	VECTOR 10, 1
	VECTOR 11, 1
	VECTOR 12, 1
	VECTOR 13, 1
	VECTOR 14, 1
	VECTOR 15
	VECTOR 16
	VECTOR 17, 1
	.irp number, 18, 19, 20
	VECTOR \number
	.endr
	VECTOR 21, 1
	.irp number, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	VECTOR \number
	.endr
	.irp number, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47
	VECTOR \number
	.endr

	.type trap_common, @function
trap_common:
	pushl $-1 /* orig_eax: no system call. */
	SAVE_REGISTERS
	/* A frame record as if the interrupted code had called us: backtraces go through. */
	movl %esp, %eax
	pushl TF_EIP(%eax)
	pushl %ebp
	movl %esp, %ebp
	pushl %eax
	call trap_dispatch
	addl $12, %esp
	testb $3, TF_CS(%esp)
	jnz user_return

/* Back into the kernel. ds and es are restored too: the interrupted code may have been on its
 * way in or out. */
	RESTORE_GENERAL
	popl %ds
	popl %es
	addl $(8 + SKIP_ORIG_EAX_VECTOR_ERROR), %esp /* And fs, gs. */
	iret

/* ---- system calls ---- */

	.globl syscall_entry
	.type syscall_entry, @function
syscall_entry:
	pushl $0
	pushl $VECTOR_SYSCALL
	pushl %eax
	SAVE_REGISTERS
	sti
	movl %esp, %ecx
	call int80_dispatch /* Returns with interrupts off. */
	jmp user_return_registers

/* ---- to user mode ---- */

/* %esp points at the frame to return through. New tasks begin here. */
	.globl user_return
	.type user_return, @function
user_return:
	movl %esp, %ecx
	call trap_leave /* Returns with interrupts off. */
user_return_registers:
	RESTORE_GENERAL
1:	popl %ds
2:	popl %es
3:	popl %fs
4:	popl %gs
	addl $SKIP_ORIG_EAX_VECTOR_ERROR, %esp
5:	iret

	.macro NULL_SELECTOR load
	EXTABLE(\load, 6f, EXTABLE_NOFAULT)
6:	movl $0, (%esp)
	jmp \load
	.endm
	NULL_SELECTOR 1b
	NULL_SELECTOR 2b
	NULL_SELECTOR 3b
	NULL_SELECTOR 4b

	EXTABLE(5b, 7f, EXTABLE_NOFAULT)
7:	pushl $0
	pushl $VECTOR_GP
	jmp trap_common

/* ---- system calls by sysenter ---- */

/*
 * sysenter (Intel SDM vol. 2) comes with esp pointing at the TSS and interrupts off, but whatever else
 * the user had in eflags: with TF every instruction up to the popf traps, the first of them on the small
 * stack below the TSS; trap.c ignores these, and the user's TF waits in the frame. NT would make the
 * kernel's own irets fail.
 */
	.globl sysenter_entry, sysenter_entry_end
	.type sysenter_entry, @function
sysenter_entry:
	movl TSS_ESP0(%esp), %esp
	pushl $SEL_USER_DATA
	pushl %ebp
	pushfl
	orl $EFLAGS_IF, (%esp)
	pushl $SEL_USER_CODE
	subl $8, %esp /* eip: sysenter_dispatch() knows it. error: nobody asks. */
	pushl $VECTOR_SYSCALL
	pushl %eax
	SAVE_REGISTERS
	testl $(EFLAGS_NT | EFLAGS_TF), TF_EFLAGS(%esp)
	jz 8f
	pushl $EFLAGS_FIXED
	popfl
8:	sti
sysenter_entry_end:
	cmpl $(USER_END - 4), %ebp
	ja 14f
	SMAP_OPEN
13:	movl (%ebp), %eax /* The sixth argument. */
	SMAP_CLOSE
	movl %eax, TF_EBP(%esp)
	movl %esp, %ecx
	call sysenter_dispatch /* Returns with interrupts off. */
	testb %al, %al
	jz user_return_registers
	popl %ebx
	addl $8, %esp /* sysexit changes ecx and edx. */
	popl %esi
	popl %edi
	popl %ebp
	popl %eax
9:	popl %ds
10:	popl %es
11:	popl %fs
12:	popl %gs
	addl $SKIP_ORIG_EAX_VECTOR_ERROR, %esp
	popl %edx /* eip */
	addl $4, %esp
	andl $~EFLAGS_IF, (%esp)
	popfl
	popl %ecx /* esp */
	sti /* Takes effect after the next instruction. */
	sysexit

	EXTABLE(13b, 14f, EXTABLE_FAULT)
14:	SMAP_CLOSE
	movl %esp, %ecx
	call sysenter_bad_stack
	jmp user_return_registers

	NULL_SELECTOR 9b
	NULL_SELECTOR 10b
	NULL_SELECTOR 11b
	NULL_SELECTOR 12b
