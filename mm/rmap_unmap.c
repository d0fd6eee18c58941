/*
 * rmap_unmap.c: take a frame out of all page tables, coming from the frame.
 *
 * This is the wrong way round for the lock order, so the tables' locks are only tried. Shared tables are
 * edited in place: that a page has to be brought in again changes nobody's view of it. What the CPU stored is
 * not lost with the entry: a page that can be stored to is dirty.
 */

#include "kernel/abi/errno.h"
#include "mm/pgtable.h"
#include "mm/rmap_internal.h"
#include "mm/swap.h"
#include "mm/vmtrace.h"

/* Let the entry be swp (0: empty). The reference is never the last: the caller has one. */
static int slot_clear(struct frame *f, uint32_t slot, uint32_t swp)
{
	struct frame *table = slot_table(slot);
	pte_t *pte = pgtable_entries(table) + slot % PTRS_PER_TABLE;
	int err = 0;

	if (!pgtable_trylock(table))
		return -EAGAIN;
	if (*pte & PTE_LOCKED)
		err = -EBUSY;
	else if (swp)
		err = swap_dup(swp);
	if (!err) {
		vmtrace_entry(VMTRACE_EVICT, pte, swp);
		atomic_store(pte, swp);
		table->table.present -= swp == 0;
		table->table.swapped += swp != 0;
		atomic_dec(&f->refs);
	}
	pgtable_unlock(table);
	return err;
}

int rmap_unmap(struct frame *f, uint32_t swp)
{
	uint32_t first;
	int err = 0;

	preempt_disable();
	if (!rmap_trylock(f, &first)) {
		preempt_enable();
		return -EAGAIN;
	}
	while (first && !err) {
		err = slot_clear(f, *rmap_last(f, &first), swp);
		if (!err)
			rmap_pop(f, &first);
	}
	rmap_unlock(f, first);
	preempt_enable();
	return err;
}
