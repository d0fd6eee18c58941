/* tlb.c: flushing this CPU's translations. */

#include "arch/x86/tlb.h"

#include "arch/x86/cpu.h"

static void invlpg(uint32_t va)
{
	__asm__ volatile("invlpg (%0)" ::"r"(va) : "memory");
}

/* A switch to another directory between test and flush does no harm: it flushes by itself. */
void tlb_flush_page(uint32_t pgdir, uint32_t va)
{
	if (this_cpu()->pgdir == pgdir)
		invlpg(va);
}

/* The kernel's own translations are global and stay, where the CPU has PGE. */
void tlb_flush_all(void)
{
	__asm__ volatile("mov %0, %%cr3" ::"r"(cr3_read()) : "memory");
}

void tlb_flush_user(uint32_t pgdir)
{
	if (this_cpu()->pgdir == pgdir)
		tlb_flush_all();
}

void tlb_flush_kernel(uint32_t va)
{
	invlpg(va);
}
