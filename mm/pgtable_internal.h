/* pgtable_internal.h: what pgtable.c and pgtable_range.c share. */
#pragma once

#include "kernel/lib/bitmap.h"
#include "mm/pgtable.h"

static inline pte_t *pde_of(struct aspace *as, uint32_t va)
{
	return (pte_t *)kmap(as->pgdir) + va_pdx(va);
}

static inline struct frame *pde_table(pte_t pde)
{
	return frame_of_pfn(pte_pfn(pde));
}

/* ---- what is in use ----
 *
 * Most spaces have a handful of tables, and most tables a handful of entries: whoever walks them all asks a
 * bit map where they are. A bit of frame->groups stands for GROUP_ENTRIES entries; it is set when one of
 * them is, and cleared only with the whole table.
 */

/* The first PDE from pdx on that points at a table; KERNEL_PDX for none. Mostly the next one. */
static inline uint32_t pdx_from(const struct aspace *as, uint32_t pdx)
{
	if (pdx < KERNEL_PDX && bitmap_test(as->spans, pdx))
		return pdx;
	return bitmap_find_set(as->spans, KERNEL_PDX, pdx);
}

/* Point the PDE for va at a table, or with 0 at none. */
static inline void pde_set(struct aspace *as, uint32_t va, pte_t now)
{
	pte_t *pde = pde_of(as, va);

	vmtrace(VMTRACE_TABLE, as, ALIGN_DOWN(va, TABLE_SPAN), *pde, now, 0);
	as->tables += (now != 0) - (*pde != 0);
	*pde = now;
	if (now)
		bitmap_set(as->spans, va_pdx(va));
	else
		bitmap_clear(as->spans, va_pdx(va));
}

/* The first of the entries of t in use from ptx on and before behind; behind for none. */
uint32_t ptx_from_far(struct frame *t, uint32_t ptx, uint32_t behind);

static inline uint32_t ptx_from(struct frame *t, const pte_t *entries, uint32_t ptx,
				uint32_t behind)
{
	if (ptx < behind && entries[ptx]) /* Mostly the next one. */
		return ptx;
	return ptx_from_far(t, ptx + 1, behind);
}

/* The frame an entry holds; NULL for none. */
static inline struct frame *pte_frame(pte_t pte)
{
	return pte & (PTE_P | PTE_PARKED) ? frame_of_pfn(pte_pfn(pte)) : NULL;
}

/* Drop one reference to t, which spans va and to which no PDE of as points any more. */
void table_drop_one(struct aspace *as, struct frame *t, uint32_t va);
