/*
 * layout.h: where everything stands in the 4 GiB of addresses. Also read by assembly and the linker
 * script, so it holds only #defines.
 *
 *	0xFFFFFFFF +--------------------+
 *	           | unused guard       |
 *	0xFC000000 +--------------------+ DEVMAP_END
 *	           | device memory      |  ioremap'd registers
 *	0xF8000000 +--------------------+ DEVMAP_BASE
 *	           | kmap window        |  per-CPU slots for frames above the direct map
 *	0xF7C00000 +--------------------+ KMAP_BASE
 *	           | kernel stacks      |  16 KiB a slot: guard page, then the stack
 *	0xF0000000 +--------------------+ KSTACK_BASE = DIRECT_END
 *	           | direct map         |  virtual = physical + 0xC0000000, at most 768 MiB;
 *	           |                    |  the kernel image is at 0xC0100000
 *	0xC0000000 +--------------------+ KERNEL_BASE = USER_END
 *	           | user               |  stack at the top, mmap below it, program from 0x08048000
 *	0x00001000 +--------------------+ USER_MIN (mmap_min_addr is higher: 0x10000)
 *	           | never mapped       |
 *	0x00000000 +--------------------+
 */
#pragma once

#define PAGE_SHIFT 12
#define PAGE_SIZE 0x1000
#define PAGE_MASK 0xFFFFF000
#define TABLE_SHIFT 22 /* What one page table maps: 4 MiB. */
#define TABLE_SPAN 0x400000

#define USER_MIN 0x1000
#define USER_END 0xC0000000
#define MMAP_MIN_ADDR 0x10000

#define KERNEL_BASE 0xC0000000
#define KERNEL_PHYS 0x100000  /* Load address of the image. */
#define DIRECT_MAX 0x30000000 /* 768 MiB of RAM are directly mapped; more is reported and left. */
#define DIRECT_END 0xF0000000

#define KSTACK_BASE 0xF0000000
#define KSTACK_END 0xF2000000
#define KSTACK_SLOT 0x4000
#define KSTACK_SIZE 0x2000 /* The upper 8 KiB of a slot; the rest below is never mapped. */

#define KMAP_BASE 0xF7C00000
#define DEVMAP_BASE 0xF8000000
#define DEVMAP_END 0xFC000000

/* GDT selectors, numbered as Linux i386 does where programs can see them (TLS: entries 6 to 8). */
#define SEL_TLS_FIRST 6
#define SEL_TLS_COUNT 3
#define SEL_KERNEL_CODE 0x60
#define SEL_KERNEL_DATA 0x68
#define SEL_USER_CODE 0x73
#define SEL_USER_DATA 0x7B
#define SEL_TSS 0x80
#define SEL_DF_TSS 0x88
#define SEL_CPU_NUMBER 0x93 /* A segment whose limit is the number of the CPU. */
