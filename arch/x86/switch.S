/*
 * switch.S: from one kernel stack to another.
 *
 * What a thread that is not running has at its stack pointer, lowest address first:
 *
 *	edi esi ebx ebp		the registers a C function must keep (System V i386 ABI, 2.2)
 *	return address		into context_switch(), or one of the starts below for a new thread
 */

	.text

/* void context_switch_stack(uint32_t *save_esp, uint32_t load_esp) */
	.globl context_switch_stack
	.type context_switch_stack, @function
context_switch_stack:
	movl 4(%esp), %eax
	movl 8(%esp), %edx
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl %esp, (%eax)
	movl %edx, %esp
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret

/* A new kernel thread: ebx = entry, esi = its argument, ebp = 0, where backtraces end. */
	.globl context_start_kernel
	.type context_start_kernel, @function
context_start_kernel:
	pushl %esi
	call *%ebx
	ud2 /* entry must not return. */

/* A new user task: ebx = first, and the frame for user mode is all that is left on the stack. */
	.globl context_start_user
	.type context_start_user, @function
context_start_user:
	call *%ebx
	jmp user_return
