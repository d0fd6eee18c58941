/*
 * uaccess.S: the only instructions that touch user memory.
 *
 * Each is in the exception table. When it faults, page_fault() tries to make the page present and
 * the instruction runs again; if that fails (or must not be tried: the _nofault forms), execution
 * goes on at the fixup, with the registers as the fault left them.
 *
 * Arguments come in eax, edx and ecx, a fourth on the stack: regparm(3), which takes four instructions less
 * for each. Nothing here checks the address: uaccess.c does.
 * Between SMAP_OPEN and SMAP_CLOSE nothing is called.
 */
#include "arch/x86/asm.h"

	.text

/*
 * uint32_t name(void *dst, const void *src, uint32_t n): copy, return the bytes not copied.
 *
 * A fault in the copy by words may come with some bytes of the word within reach, so the rest is
 * tried byte by byte, and what that leaves is exact.
 */
	.macro UACCESS_COPY name, kind
	.globl \name
	.type \name, @function
\name:
	pushl %esi
	pushl %edi
	movl %eax, %edi
	movl %edx, %esi
	movl %ecx, %edx
	andl $3, %edx
	shrl $2, %ecx
	SMAP_OPEN
1:	rep movsl
	movl %edx, %ecx
2:	rep movsb
3:	SMAP_CLOSE
	movl %ecx, %eax
	popl %edi
	popl %esi
	ret
4:	leal (%edx, %ecx, 4), %ecx
	jmp 2b
	EXTABLE(1b, 4b, \kind)
	EXTABLE(2b, 3b, \kind)
	.endm

	UACCESS_COPY uaccess_copy, EXTABLE_FAULT
	UACCESS_COPY uaccess_copy_nofault, EXTABLE_NOFAULT

/* uint32_t uaccess_clear(void *dst, uint32_t n): zero, return the bytes not zeroed. */
	.globl uaccess_clear
	.type uaccess_clear, @function
uaccess_clear:
	pushl %edi
	movl %eax, %edi
	movl %edx, %ecx
	andl $3, %edx
	shrl $2, %ecx
	xorl %eax, %eax
	SMAP_OPEN
1:	rep stosl
	movl %edx, %ecx
2:	rep stosb
3:	SMAP_CLOSE
	movl %ecx, %eax
	popl %edi
	ret
4:	leal (%edx, %ecx, 4), %ecx
	jmp 2b
	EXTABLE(1b, 4b, EXTABLE_FAULT)
	EXTABLE(2b, 3b, EXTABLE_FAULT)

/*
 * int32_t uaccess_strncpy(char *dst, const char *src, uint32_t max): copy up to and with the NUL;
 * its length without it, max when the first max bytes hold none, -1 on a fault.
 */
	.globl uaccess_strncpy
	.type uaccess_strncpy, @function
uaccess_strncpy:
	pushl %esi
	pushl %edi
	movl %eax, %edi
	movl %edx, %esi
	movl %ecx, %edx
	SMAP_OPEN
	jecxz 3f
1:	lodsb
	stosb
	testb %al, %al
	jz 3f
	decl %ecx
	jnz 1b
3:	SMAP_CLOSE
	movl %edx, %eax
	subl %ecx, %eax
5:	popl %edi
	popl %esi
	ret
4:	SMAP_CLOSE
	movl $-1, %eax
	jmp 5b
	EXTABLE(1b, 4b, EXTABLE_FAULT)

/* int32_t uaccess_strnlen(const char *src, uint32_t max): the same without a copy. */
	.globl uaccess_strnlen
	.type uaccess_strnlen, @function
uaccess_strnlen:
	movl %edx, %ecx
	movl %eax, %edx
	xorl %eax, %eax
	SMAP_OPEN
1:	cmpl %ecx, %eax
	je 3f
2:	cmpb $0, (%edx, %eax)
	je 3f
	incl %eax
	jmp 1b
3:	SMAP_CLOSE
	ret
4:	SMAP_CLOSE
	movl $-1, %eax
	ret
	EXTABLE(2b, 4b, EXTABLE_FAULT)

/* int32_t uaccess_get_u32(uint32_t *val, const uint32_t *src): 0, or -1 on a fault. */
	.globl uaccess_get_u32
	.type uaccess_get_u32, @function
uaccess_get_u32:
	movl %eax, %ecx
	xorl %eax, %eax
	SMAP_OPEN
1:	movl (%edx), %edx
	SMAP_CLOSE
	movl %edx, (%ecx)
	ret
	EXTABLE(1b, uaccess_failed, EXTABLE_FAULT)

/* int32_t uaccess_put_u32(uint32_t *dst, uint32_t val): 0, or -1 on a fault. */
	.globl uaccess_put_u32
	.type uaccess_put_u32, @function
uaccess_put_u32:
	movl %eax, %ecx
	xorl %eax, %eax
	SMAP_OPEN
1:	movl %edx, (%ecx)
	SMAP_CLOSE
	ret
	EXTABLE(1b, uaccess_failed, EXTABLE_FAULT)

/* int32_t uaccess_fxsave(void *dst): the FPU registers, as FXSAVE writes them; 0, or -1 on a fault. */
	.globl uaccess_fxsave
	.type uaccess_fxsave, @function
uaccess_fxsave:
	SMAP_OPEN
1:	fxsave (%eax)
	SMAP_CLOSE
	xorl %eax, %eax
	ret
	EXTABLE(1b, uaccess_failed, EXTABLE_FAULT)

/* int32_t uaccess_fxrstor(const void *src): and back; -1 also when FXRSTOR does not like what it finds. */
	.globl uaccess_fxrstor
	.type uaccess_fxrstor, @function
uaccess_fxrstor:
	SMAP_OPEN
1:	fxrstor (%eax)
	SMAP_CLOSE
	xorl %eax, %eax
	ret
	EXTABLE(1b, uaccess_failed, EXTABLE_FAULT)

	.type uaccess_failed, @function
uaccess_failed:
	SMAP_CLOSE
	movl $-1, %eax
	ret

/* int32_t uaccess_cmpxchg(uint32_t *p, uint32_t expected, uint32_t val, uint32_t *seen) */
	.globl uaccess_cmpxchg
	.type uaccess_cmpxchg, @function
uaccess_cmpxchg:
	xchgl %eax, %edx
	SMAP_OPEN
1:	lock cmpxchgl %ecx, (%edx)
	SMAP_CLOSE
	movl 4(%esp), %edx
	movl %eax, (%edx)
	xorl %eax, %eax
	ret
	EXTABLE(1b, uaccess_failed, EXTABLE_FAULT)
