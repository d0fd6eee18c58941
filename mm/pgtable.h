/*
 * pgtable.h: user page tables: who owns them, how they are shared, and how entries change.
 *
 * A page table is a frame. Its refs count the page directories that point at it. fork lets parent
 * and child point at the same tables and clears the PDE's W bit in both, so that the CPU lets nobody
 * write through a shared table whatever its entries say.
 *
 *	Own before you change: pgtable_own() makes the table private to this address space before
 *	any entry is installed or changed. The last sharer gets the old table back by setting
 *	PDE.W; an earlier one takes a copy, in which (and in the original) W is cleared.
 *
 * Locks: aspace->lock is held throughout, exclusive for share, unmap, protect and destroy. The table's
 * spin lock guards its entries, its count of entries and, together with refs, who owns it; the directory's
 * guards the PDEs against faults of other threads of the same space. Directory before table.
 */
#pragma once

#include "arch/x86/pte.h"
#include "kernel/abi/errno.h"
#include "mm/aspace.h"
#include "mm/fault_internal.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

/* Make the table for va exist and belong to as alone. 0 and *table, or -ENOMEM. aspace->lock shared. */
int pgtable_own(struct aspace *as, uint32_t va, struct frame **table);

void pgtable_lock(struct frame *table);
bool pgtable_trylock(struct frame *table); /* For those who hold a lock that comes later. */
void pgtable_unlock(struct frame *table);

/* The entries of a table; the caller holds its lock or is alone with it. */
static inline pte_t *pgtable_entries(struct frame *table)
{
	return kmap(table);
}

/* The entry for va as it is now; 0 where there is no table. */
pte_t pgtable_get(struct aspace *as, uint32_t va);

/* The same with the rights that it gives together with the directory's, which has no W while the table is shared. */
pte_t pgtable_get_effective(struct aspace *as, uint32_t va);

/* The frame that va shows, if it is present (and the entry writable), with a reference; or NULL. */
struct frame *pgtable_hold(struct aspace *as, uint32_t va, bool writable);

/* Entries that a bit of frame->groups stands for: pgtable_internal.h. */
#define GROUP_ENTRIES (PTRS_PER_TABLE / 32u)

static inline void group_use(struct frame *t, const pte_t *pte)
{
	t->groups |= 1u << ((uintptr_t)pte & ~PAGE_MASK) / sizeof(*pte) / GROUP_ENTRIES;
}

/*
 * Changing entries, with the table's counts and the reverse map. The table is locked and owned. References to
 * frames and slots are the caller's business.
 */

/*
 * Let an entry that is empty be now, which shows f (NULL: it is a swap entry). 0; -ENOMEM with nothing changed, but
 * never for a frame in fewer than two slots. Each page of each fault and of each copied table comes by: as a call it
 * took 50 instructions, and 30 in its place.
 */
static inline __attribute__((always_inline)) int pgtable_fill(struct frame *table, pte_t *pte,
							      pte_t now, struct frame *f)
{
	if (unlikely(!f))
		table->table.swapped++;
	else if (unlikely(f == zero_frame))
		table->table.zero++;
	else if (rmap_add(f, rmap_slot(pte)) != 0)
		return -ENOMEM;
	table->table.present++;
	group_use(table, pte);
	vmtrace_entry(VMTRACE_MAP, pte, now);
	*pte = now;
	return 0;
}

/*
 * The entry at pte is not was any more: what it showed leaves its table and the reverse map. The frame, whose
 * reference is the caller's to drop now; NULL: it was a swap entry.
 */
static inline struct frame *pgtable_leave(struct frame *table, const pte_t *pte, pte_t was)
{
	struct frame *f = frame_of_pfn(pte_pfn(was));

	table->table.present--;
	if (unlikely(!(was & (PTE_P | PTE_PARKED)))) {
		table->table.swapped--;
		return NULL;
	}
	if (unlikely(f == zero_frame)) {
		table->table.zero--;
		return f;
	}
	rmap_remove(f, rmap_slot(pte));
	if (unlikely(f->backing) && was & PTE_A)
		frame_set(f, FRAME_USED); /* What the entry knew is not lost. */
	return f;
}

/* Let an entry that is not empty be now instead. As pgtable_fill(). */
static inline int pgtable_set(struct frame *table, pte_t *pte, pte_t now, struct frame *f)
{
	pte_t was = *pte;
	int err = pgtable_fill(table, pte, now, f);

	if (!err)
		pgtable_leave(table, pte, was);
	return err;
}

/* dst, which is empty, points at all of src's tables. Both locked exclusive. Never fails. */
void pgtable_share(struct aspace *dst, struct aspace *src);

/*
 * Empty all entries of [start, end) and put their frames after the flush. No area lives in
 * [floor, start) or [end, ceiling), so tables that have nothing else are dropped whole, shared or
 * not. -ENOMEM when a table shared with others must be copied to be changed, and then nothing changed.
 */
int pgtable_unmap(struct aspace *as, uint32_t start, uint32_t end, uint32_t floor,
		  uint32_t ceiling);

/*
 * The entries of [from, from + len) become those of [to, to + len), which is empty and does not overlap it.
 * Tables that all of a span moves with move whole, shared or not. -ENOMEM as above.
 */
int pgtable_move(struct aspace *as, uint32_t from, uint32_t to, uint32_t len);

/* Let go of all tables: the space is going away and no CPU has its directory loaded. Never fails. */
void pgtable_destroy(struct aspace *as);

/* Empty the entries of [start, end) in place, private copies only if told so, for everybody who shares their
 * tables: the backing has no such pages any more, so no view of any space changes but to the truth. Never
 * fails. */
void pgtable_zap(struct aspace *as, uint32_t start, uint32_t end, bool copies);

/* Take rights away from the entries of [start, end): prot is the new VM_PROT bits. Rights are never given
 * here; the next touch or write faults and decides. -ENOMEM as above. */
int pgtable_protect(struct aspace *as, uint32_t start, uint32_t end, uint32_t prot);

/* The table that spans va, locked; NULL when there is none. Whoever lets go of it meanwhile waits for its lock
 * before freeing it. */
struct frame *pgtable_lock_at(struct aspace *as, uint32_t va);

/* aspace_resident(), aspace_swapped() and aspace_entries() of aspace.h are here too: sums over all tables. */

/* Give or take PTE_LOCKED of the entries of [start, end) that have a frame. -ENOMEM as above. */
int pgtable_keep(struct aspace *as, uint32_t start, uint32_t end, bool locked);
