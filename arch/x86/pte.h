/*
 * pte.h: page table entries of two-level 32-bit paging (Intel SDM vol. 3, 4.3), and nowhere else.
 *
 * A page directory has 1024 entries (PDE) of 4 MiB, a page table 1024 entries (PTE) of 4 KiB. The
 * CPU ignores all other bits of an entry that is not present; the kernel uses them for a parked page: one
 * that has a frame but must not be touched (PROT_NONE), or not unnoticed; and for a swapped page: the area's
 * number (type) and the slot in it. Clearing only the user bit would still let the kernel's own user copies
 * through.
 */
#pragma once

#include "arch/x86/layout.h"
#include "kernel/lib/types.h"

typedef uint32_t pte_t; /* Also a PDE: the bits below mean the same in both. */

#define PTE_P 0x001u	   /* Present. */
#define PTE_W 0x002u	   /* Writable, if PDE and PTE say so. CR0.WP binds the kernel too. */
#define PTE_U 0x004u	   /* User may access. */
#define PTE_PWT 0x008u	   /* Write through. */
#define PTE_PCD 0x010u	   /* No cache: device registers. */
#define PTE_A 0x020u	   /* Accessed, set by the CPU. */
#define PTE_D 0x040u	   /* Dirty, set by the CPU; PTE only. */
#define PDE_PS 0x080u	   /* This PDE maps a 4 MiB page. */
#define PTE_G 0x100u	   /* Global: survives a CR3 load when CR4.PGE is on. */
#define PTE_PARKED 0x002u  /* With P clear: has a frame, no access. */
#define PTE_SWAPPED 0x004u /* With P and PARKED clear: the page is in swap. */
#define PTE_LOCKED                                                                                 \
	0x200u /* Of an entry that has a frame: mlock keeps it there. Ignored by the CPU. */
#define PTE_FRAME 0xFFFFF000u

#define PTRS_PER_TABLE 1024
#define KERNEL_PDX (KERNEL_BASE >> TABLE_SHIFT) /* PDEs from here on are the kernel's. */

enum pte_kind {
	PTE_KIND_EMPTY,	  /* All zero: nothing is known about the page. */
	PTE_KIND_PRESENT, /* The CPU may use it as its bits say. */
	PTE_KIND_PARKED,  /* Has a frame; a touch faults. */
	PTE_KIND_SWAPPED, /* Has no frame but a slot of a swap area: a swap entry. */
};

static inline enum pte_kind pte_kind(pte_t pte)
{
	if (pte & PTE_P)
		return PTE_KIND_PRESENT;
	if (pte & PTE_PARKED)
		return PTE_KIND_PARKED;
	return pte & PTE_SWAPPED ? PTE_KIND_SWAPPED : PTE_KIND_EMPTY;
}

/* How many of n entries, which is not 0, are empty before the first that is not. */
static inline uint32_t pte_count_empty(const pte_t *pte, uint32_t n)
{
	const pte_t *at = pte;
	bool used;

	__asm__ volatile("repe scasl" : "+D"(at), "+c"(n), "=@ccnz"(used) : "a"(0) : "memory");
	return (uint32_t)(at - pte) - used;
}

static inline bool pte_is_swapped(pte_t pte)
{
	return (pte & (PTE_P | PTE_PARKED | PTE_SWAPPED)) == PTE_SWAPPED;
}

#define SWAP_TYPE_SHIFT 3
#define SWAP_TYPE_BITS 5
#define SWAP_SLOT_SHIFT (SWAP_TYPE_SHIFT + SWAP_TYPE_BITS)
#define SWAP_SLOTS_MAX (1u << (32 - SWAP_SLOT_SHIFT)) /* 64 GiB. */

/* A swap entry. It is never 0. */
static inline pte_t pte_swap(uint32_t type, uint32_t slot)
{
	return slot << SWAP_SLOT_SHIFT | type << SWAP_TYPE_SHIFT | PTE_SWAPPED;
}

static inline uint32_t pte_swap_type(pte_t swp)
{
	return swp >> SWAP_TYPE_SHIFT & ((1u << SWAP_TYPE_BITS) - 1);
}

static inline uint32_t pte_swap_slot(pte_t swp)
{
	return swp >> SWAP_SLOT_SHIFT;
}

/* The parked form of a present entry. */
static inline pte_t pte_park(pte_t pte)
{
	return (pte & (PTE_FRAME | PTE_A | PTE_D | PTE_LOCKED)) | PTE_PARKED;
}

static inline uint32_t pte_pfn(pte_t pte)
{
	return pte >> PAGE_SHIFT;
}

static inline pte_t pte_make(uint32_t pfn, uint32_t bits)
{
	return pfn << PAGE_SHIFT | bits;
}

static inline uint32_t va_pdx(uint32_t va)
{
	return va >> TABLE_SHIFT;
}

static inline uint32_t va_ptx(uint32_t va)
{
	return va >> PAGE_SHIFT & (PTRS_PER_TABLE - 1);
}

/* Page fault error code (Intel SDM vol. 3, 4.7). */
#define PF_PRESENT 0x01u /* 0: the page was not present; 1: the access was not allowed. */
#define PF_WRITE 0x02u
#define PF_USER 0x04u
#define PF_RESERVED 0x08u
#define PF_FETCH 0x10u /* Only with NX or SMEP. */
