/* pgtable_internal.h: what pgtable.c and pgtable_range.c share. */
#pragma once

#include "mm/pgtable.h"

static inline pte_t *pde_of(struct aspace *as, uint32_t va)
{
	return (pte_t *)kmap(as->pgdir) + va_pdx(va);
}

static inline struct frame *pde_table(pte_t pde)
{
	return frame_of_pfn(pte_pfn(pde));
}

/* The frame an entry holds; NULL for none. */
static inline struct frame *pte_frame(pte_t pte)
{
	return pte & (PTE_P | PTE_PARKED) ? frame_of_pfn(pte_pfn(pte)) : NULL;
}

/* Drop one reference to t, which spans va and to which no PDE of as points any more. */
void table_drop_one(struct aspace *as, struct frame *t, uint32_t va);
