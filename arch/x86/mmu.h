/*
 * mmu.h: the page directory register and the kernel's own map.
 *
 * arch never allocates: the frames for tables come from mm. The kernel's page tables for everything
 * above DIRECT_END are made once at boot, so that a kernel PDE never changes afterwards and each
 * process's directory can hold a copy of them (features A3).
 *
 * Typical sequence at boot: mmu_init() with the early allocator; later mmu_map_kernel() for kernel
 * stacks and devices; mmu_load() by the scheduler only.
 */
#pragma once

#include "arch/x86/pte.h"

/*
 * Replace the boot page directory: direct map of [0, phys_end) (4 MiB pages where the CPU has PSE,
 * kernel text and read-only data write-protected), empty tables for the kernel stacks, the kmap
 * window and device registers. alloc_frame() returns the physical address of a zeroed page below
 * the boot map's 16 MiB and never fails.
 */
void mmu_init(uint32_t phys_end, uint32_t (*alloc_frame)(void));

/* Physical address of the directory that holds only the kernel's part. */
uint32_t mmu_kernel_pgdir(void);

/* Copy the kernel's PDEs into a fresh directory; pgdir is its (directly mapped) contents. */
void mmu_copy_kernel(pte_t *pgdir);

/*
 * The one place that writes CR3: switch to the directory at this physical address unless it is
 * loaded already. Flushes all non-global translations when it does. Preemption must be off.
 */
void mmu_load(uint32_t pgdir);

/* Map or unmap one page in one of the windows above DIRECT_END; it must be unmapped or mapped,
 * and bits are PTE_W and what device memory needs. unmap flushes it from this CPU's TLB. */
void mmu_map_kernel(uint32_t va, uint32_t pfn, uint32_t bits);
void mmu_unmap_kernel(uint32_t va);

/* Map device registers at [phys, phys+size) uncached for good; returns the address, NULL when
 * the window is full. */
volatile void *mmu_map_device(uint32_t phys, uint32_t size);

/* The PTE value of a kernel address as the hardware sees it, 0 when not mapped: for tests and
 * dumps. A 4 MiB page gives its PDE. */
pte_t mmu_lookup_kernel(uint32_t va);

/* How many tables the kernel's PDEs point at; a 4 MiB page needs none. */
uint32_t mmu_kernel_tables(void);

/* Direct map arithmetic. */
static inline void *phys_to_virt(uint32_t phys)
{
	return (void *)(uintptr_t)(phys + KERNEL_BASE);
}

static inline uint32_t virt_to_phys(const void *va)
{
	return (uint32_t)(uintptr_t)va - KERNEL_BASE;
}
