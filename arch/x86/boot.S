/*
 * boot.S: from the boot loader to kernel_main().
 *
 * The loader enters at boot_start in flat protected mode with paging off, %eax the Multiboot magic
 * and %ebx the physical address of its information (Multiboot Specification 0.6.96, 3.2). Until
 * paging is on, code runs 3 GiB below its link address: every symbol has PHYS() around it, every
 * jump is relative.
 *
 *	1. Refuse a CPU the kernel's code cannot run on: all C is compiled for an i686, so this must
 *	   be assembly that a 386 understands.
 *	2. Map the first 16 MiB twice, at 0 and at KERNEL_BASE, with 4 KiB pages (no PSE needed).
 *	3. Turn paging on, jump to the high half, drop the low map.
 *	4. Call kernel_main(magic, info) on the boot stack, which becomes the idle thread's.
 */
#include "arch/x86/asm.h"
#include "arch/x86/layout.h"

#define PHYS(symbol) ((symbol) - KERNEL_BASE)

/* ---- the header the loader looks for (3.1) ---- */

#define MULTIBOOT_MAGIC 0x1BADB002
#define MULTIBOOT_FLAGS 0x3 /* Modules page aligned; memory information wanted. */

	.section .multiboot, "ax"
	.balign 4
	.long MULTIBOOT_MAGIC
	.long MULTIBOOT_FLAGS
	.long -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

/* ---- entry, at physical addresses ---- */

#define EFLAGS_ID (1 << 21) /* Can be flipped only where CPUID exists. */
#define FAMILY_I686 6
/* CPUID.1:EDX: x87, TSC, CMPXCHG8B, CMOV. The compiler uses the last, the clock the second. */
#define CPUID_NEEDED ((1 << 0) | (1 << 4) | (1 << 8) | (1 << 15))

#define CR0_WP 0x00010000
#define CR0_PG 0x80000000

#define BOOT_TABLES 4 /* Page tables of the boot map: 16 MiB. */

	.text
	.globl boot_start
	.type boot_start, @function
boot_start:
	cli
	cld
	movl $PHYS(boot_stack_top), %esp
	movl %eax, %ebp
	movl %ebx, %esi
	call boot_check_cpu

	/* Tables: entry i of all of them taken together maps page i. */
	movl $PHYS(boot_tables), %edi
	movl $ASM_PTE_KERNEL, %eax
	movl $(BOOT_TABLES * PAGE_SIZE / 4), %ecx
1:	stosl
	addl $PAGE_SIZE, %eax
	loop 1b

	/* Directory: the same tables at both places. */
	movl $PHYS(boot_pgdir), %edi
	movl $(PHYS(boot_tables) + ASM_PTE_KERNEL), %eax
	movl $BOOT_TABLES, %ecx
2:	movl %eax, (KERNEL_BASE >> TABLE_SHIFT) * 4(%edi)
	stosl
	addl $PAGE_SIZE, %eax
	loop 2b

	movl $PHYS(boot_pgdir), %eax
	movl %eax, %cr3
	movl %cr0, %eax
	orl $(CR0_PG | CR0_WP), %eax
	movl %eax, %cr0
	movl $boot_high, %eax
	jmp *%eax

boot_high:
	movl $boot_stack_top, %esp
	xorl %eax, %eax
	movl $boot_pgdir, %edi
	movl $BOOT_TABLES, %ecx
	rep stosl
	movl %cr3, %eax
	movl %eax, %cr3

	pushl %esi
	pushl %ebp
	xorl %ebp, %ebp /* Backtraces end here. */
	call kernel_main
	ud2 /* It does not return. */

/* ---- refusing an old CPU ---- */

/* Return if the CPU is an i686 with what the kernel needs. Keeps %ebp and %esi. */
	.type boot_check_cpu, @function
boot_check_cpu:
	pushfl
	popl %eax
	movl %eax, %ecx
	xorl $EFLAGS_ID, %eax
	pushl %eax
	popfl
	pushfl
	popl %eax
	xorl %ecx, %eax
	testl $EFLAGS_ID, %eax
	jz boot_refuse

	movl $1, %eax
	cpuid
	shrl $8, %eax
	andl $0xF, %eax /* Base family; later ones than 15 keep 15 here. */
	cmpl $FAMILY_I686, %eax
	jb boot_refuse
	andl $CPUID_NEEDED, %edx
	cmpl $CPUID_NEEDED, %edx
	jne boot_refuse
	ret

#define COM1 0x3F8
#define COM_LINE_STATUS (COM1 + 5)
#define COM_THR_EMPTY 0x20
#define COM_IDLE 0x40
#define VGA_TEXT 0xB8000
#define VGA_CELLS (80 * 25)
#define VGA_WHITE 0x0F
#define VGA_SPACE (VGA_WHITE << 8 | ' ')
#define DEBUG_EXIT_PORT 0xF4
#define DEBUG_EXIT_CPU 0x13 /* "The CPU is too old", to whoever started QEMU. */

/* Say why on the serial line and the screen, then stop. */
	.type boot_refuse, @function
boot_refuse:
	movl $PHYS(serial_setup), %esi
1:	lodsw
	movzwl %ax, %edx
	lodsb
	outb %al, %dx
	cmpl $PHYS(serial_setup_end), %esi
	jne 1b

	movl $VGA_TEXT, %edi
	movl $VGA_CELLS, %ecx
	movw $VGA_SPACE, %ax
	rep stosw

	movl $VGA_TEXT, %edi
	movl $PHYS(refusal), %esi
2:	lodsb
	testb %al, %al
	jz 5f
	movb %al, %bl
	movl $0x10000, %ecx /* Do not hang where there is no serial port. */
3:	movw $COM_LINE_STATUS, %dx
	inb %dx, %al
	testb $COM_THR_EMPTY, %al
	loopz 3b
	movb %bl, %al
	movw $COM1, %dx
	outb %al, %dx
	cmpb $' ', %al
	jb 2b /* The line end is for the serial line only. */
	movb $VGA_WHITE, %ah
	stosw
	jmp 2b

5:	movl $0x10000, %ecx /* Let the last byte leave the serial port. */
	movw $COM_LINE_STATUS, %dx
6:	inb %dx, %al
	testb $COM_IDLE, %al
	loopz 6b
	movb $DEBUG_EXIT_CPU, %al
	outb %al, $DEBUG_EXIT_PORT
7:	hlt
	jmp 7b

	.section .rodata
/* Port and value: 115200 baud, 8 data bits, no parity, one stop bit, no interrupts (16550). */
	.macro SERIAL_SET port, value
	.word COM1 + \port
	.byte \value
	.endm
serial_setup:
	SERIAL_SET 1, 0x00
	SERIAL_SET 3, 0x80
	SERIAL_SET 0, 0x01
	SERIAL_SET 1, 0x00
	SERIAL_SET 3, 0x03
	SERIAL_SET 2, 0x07
serial_setup_end:

refusal:
	.asciz "Quire needs an i686 with FPU, TSC, CMPXCHG8B and CMOV; this CPU is older.\r\n"

/* ---- memory ---- */

	.section .bss
	.balign PAGE_SIZE
boot_pgdir:
	.skip PAGE_SIZE
boot_tables:
	.skip BOOT_TABLES * PAGE_SIZE

/* mmu_init() takes the guard page out of the map. */
	.globl boot_stack_guard, boot_stack, boot_stack_top
boot_stack_guard:
	.skip PAGE_SIZE
boot_stack:
	.skip KSTACK_SIZE
boot_stack_top:
