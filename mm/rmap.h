/*
 * rmap.h: the reverse map: from a frame to the page table entries that show it.
 *
 * A slot names an entry: the frame number of its table and its index there. frame->rmap holds the set of a
 * frame's slots, in no order. A table that forks share is one table, so a slot in it stands for all who
 * share it, and fork adds nothing here. The shared zero frame is not tracked.
 *
 *	rmap[0]		0: no slots; a slot; or RMAP_LOCKED while somebody, who has it, looks or changes
 *	rmap[1]		0; or the second slot; or, from the third on, a kernel address: chained nodes
 *			that hold all but the first
 *
 * So nothing is allocated for a page that one table shows, nor for one that two do: after a fork, the
 * usual cases.
 *
 * Locks: rmap[0] is a spin lock of RANK_RMAP, which is taken with the table's lock held by
 * those who change an entry (pgtable_set). Those who come from a frame take it first and only try
 * the tables' locks. A slot that is in a set keeps its table from being freed while the set is locked.
 */
#pragma once

#include "arch/x86/mmu.h"
#include "arch/x86/pte.h"
#include "kernel/lib/assert.h"
#include "kernel/sync/thread.h"
#include "mm/frame.h"

#define RMAP_LOCKED 0x80000000u

/* Tables are always mapped, so where an entry is in memory names it. */
static inline uint32_t rmap_slot(const pte_t *pte)
{
	return virt_to_phys(pte) / sizeof(*pte);
}

/* Lock the set of f, with preemption off: its first slot. rmap_unlock() stores it. */
static inline uint32_t rmap_lock(struct frame *f)
{
	uint32_t first;

	lock_rank_acquire(RANK_RMAP, "rmap", LOCK_ORDERED);
	while ((first = atomic_xchg(&f->rmap[0], RMAP_LOCKED)) == RMAP_LOCKED)
		cpu_relax();
	return first;
}

static inline bool rmap_trylock(struct frame *f, uint32_t *first)
{
	*first = atomic_xchg(&f->rmap[0], RMAP_LOCKED);
	if (*first == RMAP_LOCKED)
		return false;
	lock_rank_acquire(RANK_RMAP, "rmap", LOCK_TRIED);
	return true;
}

static inline void rmap_unlock(struct frame *f, uint32_t first)
{
	atomic_store(&f->rmap[0], first);
	lock_rank_release(RANK_RMAP, "rmap");
}

/* The rest of rmap_add and rmap_remove, for sets of several. They unlock. */
int rmap_add_further(struct frame *f, uint32_t first, uint32_t slot);
void rmap_remove_further(struct frame *f, uint32_t first, uint32_t slot);

/* Note that slot, whose table is locked, shows f from now on. 0, or -ENOMEM, but never for a frame in fewer than two
 * slots. */
static inline int rmap_add(struct frame *f, uint32_t slot)
{
	uint32_t first = rmap_lock(f);

	if (!first) {
		first = slot;
	} else {
		if (unlikely(f->rmap[1]))
			return rmap_add_further(f, first, slot);
		f->rmap[1] = slot;
	}
	rmap_unlock(f, first);
	return 0;
}

/* Note that slot, whose table is locked, does not show f any more. Never fails. Of two it mostly is the second: that
 * of the table which was copied last. */
static inline void rmap_remove(struct frame *f, uint32_t slot)
{
	uint32_t first = rmap_lock(f);

	if (!f->rmap[1]) {
		ASSERT(first == slot);
		first = 0;
	} else {
		if (unlikely(f->rmap[1] != slot))
			return rmap_remove_further(f, first, slot);
		f->rmap[1] = 0;
	}
	rmap_unlock(f, first);
}

/* Note that the entry moved; both tables are locked. Never fails. */
void rmap_move(struct frame *f, uint32_t from, uint32_t to);

/* Does any table show f? */
static inline bool rmap_is_mapped(const struct frame *f)
{
	return atomic_load(&f->rmap[0]) != 0;
}

/* In how many places of all spaces f is mapped: a slot counts for each who shares its table. */
uint32_t rmap_mapcount(struct frame *f);

/* How many slots show f; is this one of them? For the checker, while nobody changes anything. */
uint32_t rmap_count(struct frame *f);
bool rmap_has(struct frame *f, uint32_t slot);

/*
 * Was f touched through any of its entries since this was asked with RMAP_AGE, which takes their accessed
 * bits? RMAP_PARK parks those that are present, so that the next touch faults. 1, 0, or -EAGAIN when a lock
 * could not be had: the rest is as it was. Waits for nothing; no table is locked by the caller.
 */
#define RMAP_AGE 0x1u
#define RMAP_PARK 0x2u
int rmap_try_age(struct frame *f, uint32_t how);

/* Do all references to f come from entries, its cache and the caller, and is none of the entries locked in memory?
 * A look that may be wrong by the time it is told. */
bool rmap_may_unmap(struct frame *f);

/* Is an entry that shows f locked in memory, or has somebody a reference besides entries and the cache? As above, of a
 * frame that the caller has none to. */
bool rmap_is_pinned(struct frame *f);

/*
 * Empty every entry that shows f, which is BUSY and in a cache; entries of private pages become swp. Their
 * references go, the caller's stays. 0; -EAGAIN, -ENOMEM or, because it is locked in memory, -EBUSY: some
 * entries are left, and all is as if nobody had tried with these. The caller flushes all TLBs before anybody
 * writes or frees the frame, whatever this says.
 */
int rmap_unmap(struct frame *f, uint32_t swp);

/* Take the right to write from every entry that shows one of the n frames, and flush once: the next store
 * faults. Waits for nothing but spin locks. */
void rmap_write_protect(struct frame *const *f, uint32_t n);
