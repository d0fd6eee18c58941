/*
 * mmu.c: the kernel's own map, and the one writer of CR3.
 *
 *	direct map	4 MiB pages where the CPU has PSE, except for the 4 MiB that hold the image
 *			(text and read-only data are write-protected page by page) and the last ones
 *			(nothing beyond the end of RAM is mapped)
 *	windows		kernel stacks, kmap, device registers: their page tables are made at boot
 *			and never go away, so no kernel PDE changes once a process exists
 *
 * Locks: none. A PTE of the windows belongs to whoever owns that address (a kernel stack's slot, a
 * CPU's kmap slot, a device); device addresses are handed out by an atomic counter.
 */

#include "arch/x86/mmu.h"

#include "arch/x86/asm.h"
#include "arch/x86/cpu.h"
#include "arch/x86/multiboot.h"
#include "arch/x86/tlb.h"
#include "arch/x86/tss.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/string.h"

_Static_assert(ASM_PTE_KERNEL == (PTE_P | PTE_W), "boot.S maps with these bits");

#define PTE_KERNEL (PTE_P | PTE_W | PTE_G)
#define PTE_KERNEL_RO (PTE_P | PTE_G)

/* The linker's: text and constants are [kernel_start, kernel_data). */
extern uint8_t kernel_data[];
extern uint8_t boot_stack_guard[PAGE_SIZE];

struct window {
	uint32_t start, end;
};

static const struct window windows[] = {
	{KSTACK_BASE, KSTACK_END},
	{KMAP_BASE, DEVMAP_BASE},
	{DEVMAP_BASE, DEVMAP_END},
};

static pte_t kernel_pgdir[PTRS_PER_TABLE] __attribute__((aligned(PAGE_SIZE)));
static uint32_t device_next = DEVMAP_BASE; /* Atomic. */

/* ---- the direct map ---- */

/* The entry for one page of the direct map: 0 for the guard page under the boot stack. */
static pte_t direct_pte(uint32_t phys)
{
	uint32_t va = phys + KERNEL_BASE;

	if (va == (uint32_t)boot_stack_guard)
		return 0;
	if (va >= (uint32_t)kernel_start && va < (uint32_t)kernel_data)
		return phys | PTE_KERNEL_RO;
	return phys | PTE_KERNEL;
}

/* Map [phys, end) of one table's span by 4 KiB pages. */
static void map_direct_small(uint32_t phys, uint32_t end, uint32_t (*alloc_frame)(void))
{
	uint32_t table_phys = alloc_frame();
	pte_t *table = phys_to_virt(table_phys);

	kernel_pgdir[va_pdx(phys + KERNEL_BASE)] = table_phys | PTE_P | PTE_W;
	for (; phys < end; phys += PAGE_SIZE)
		table[va_ptx(phys)] = direct_pte(phys);
}

static void map_direct(uint32_t phys_end, uint32_t (*alloc_frame)(void))
{
	uint32_t image_end = virt_to_phys(kernel_end);

	for (uint32_t phys = 0; phys < phys_end; phys += TABLE_SPAN) {
		uint32_t end = MIN(phys + TABLE_SPAN, phys_end);

		if (cpu_features.pse && phys >= image_end && end - phys == TABLE_SPAN)
			kernel_pgdir[va_pdx(phys + KERNEL_BASE)] = phys | PTE_KERNEL | PDE_PS;
		else
			map_direct_small(phys, end, alloc_frame);
	}
}

void mmu_init(uint32_t phys_end, uint32_t (*alloc_frame)(void))
{
	BUG_ON(phys_end > DIRECT_MAX || phys_end % PAGE_SIZE != 0);
	map_direct(phys_end, alloc_frame);
	for (uint32_t i = 0; i < ARRAY_SIZE(windows); i++)
		for (uint32_t va = windows[i].start; va < windows[i].end; va += TABLE_SPAN)
			kernel_pgdir[va_pdx(va)] = alloc_frame() | PTE_P | PTE_W;
	mmu_load(mmu_kernel_pgdir());
	tss_set_fault_pgdir(mmu_kernel_pgdir());
}

/* ---- page directories ---- */

uint32_t mmu_kernel_pgdir(void)
{
	return virt_to_phys(kernel_pgdir);
}

void mmu_copy_kernel(pte_t *pgdir)
{
	memcpy(pgdir + KERNEL_PDX, kernel_pgdir + KERNEL_PDX,
	       (PTRS_PER_TABLE - KERNEL_PDX) * sizeof(pte_t));
}

void mmu_load(uint32_t pgdir)
{
	struct cpu *cpu = this_cpu();

	if (cpu->pgdir == pgdir)
		return;
	cpu->pgdir = pgdir;
	__asm__ volatile("mov %0, %%cr3" ::"r"(pgdir) : "memory");
}

/* ---- the windows ---- */

static pte_t *window_pte(uint32_t va)
{
	pte_t *table = phys_to_virt(kernel_pgdir[va_pdx(va)] & PTE_FRAME);

	for (uint32_t i = 0; i < ARRAY_SIZE(windows); i++)
		if (va >= windows[i].start && va < windows[i].end)
			return &table[va_ptx(va)];
	panic("mmu: 0x%08x is in no window of the kernel's map", va);
}

void mmu_map_kernel(uint32_t va, uint32_t pfn, uint32_t bits)
{
	pte_t *pte = window_pte(va);

	BUG_ON(*pte != 0);
	*pte = pte_make(pfn, bits | PTE_P | PTE_G);
}

void mmu_unmap_kernel(uint32_t va)
{
	*window_pte(va) = 0;
	tlb_flush_kernel(va);
}

volatile void *mmu_map_device(uint32_t phys, uint32_t size)
{
	uint32_t start = ALIGN_DOWN(phys, PAGE_SIZE);
	uint32_t pages = DIV_ROUND_UP((uint64_t)(phys - start) + size, PAGE_SIZE);
	uint32_t va = atomic_load(&device_next);

	do {
		if (pages > (DEVMAP_END - va) / PAGE_SIZE)
			return NULL;
	} while (!atomic_cmpxchg(&device_next, &va, va + pages * PAGE_SIZE));

	for (uint32_t i = 0; i < pages; i++)
		mmu_map_kernel(va + i * PAGE_SIZE, (start >> PAGE_SHIFT) + i,
			       PTE_W | PTE_PCD | PTE_PWT);
	return (volatile void *)(va + (phys - start));
}

pte_t mmu_lookup_kernel(uint32_t va)
{
	pte_t pde = kernel_pgdir[va_pdx(va)];
	const pte_t *table = phys_to_virt(pde & PTE_FRAME);

	if (!(pde & PTE_P) || pde & PDE_PS)
		return pde;
	return table[va_ptx(va)];
}

uint32_t mmu_kernel_tables(void)
{
	uint32_t n = 0;

	for (uint32_t pdx = KERNEL_PDX; pdx < PTRS_PER_TABLE; pdx++)
		n += (kernel_pgdir[pdx] & (PTE_P | PDE_PS)) == PTE_P;
	return n;
}
