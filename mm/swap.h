/*
 * swap.h: swap areas: where private and shared memory goes when frames are short.
 *
 * An area is a disk or a partition cut into slots of a page. A swap entry (uint32_t swp, which is what a page
 * table holds: pte_swap()) names a slot of an area. Each slot counts who remembers it: one for each page table
 * entry (a shared table has one for all who share it), one when its page is in the swap cache, one for a
 * backing of shared memory that keeps its page there. A slot is free when nobody does.
 *
 * Each area is a backing; its cache is the swap cache, its index the slot. So a page in swap is brought in as a
 * page of a file is. A frame in there has FRAME_ANON, and is dirty or the same as its slot. It leaves the swap
 * cache, and gives the slot back, when a store will make it differ, or nobody remembers the slot but the cache.
 *
 *	eviction:	swap_reserve(f); entries := swap_entry_of(f), swap_dup() each; flush; write; drop
 *	fault:		swap_get(swp, &f); entry := f; swap_put(swp); a store: swap_leave(f)
 *
 * Locks: swap_lock (RANK_LEAF) guards areas, maps and counts; swap_moved_lock (RANK_POLICY, because it
 * allocates) which slots are kept elsewhere. A frame's way into and out of the swap cache is BUSY, as in all caches.
 */
#pragma once

#include "arch/x86/pte.h"
#include "mm/backing.h"

struct swap_window;

#define SWAP_AREAS_MAX (1u << SWAP_TYPE_BITS)
#define SWAP_PRIORITY_NONE (-1) /* Asks for one below all there are. */

/* ---- slots ---- */

/* A private frame (BUSY, in no cache) gets a slot and enters the swap cache, dirty. 0; -ENOSPC: no slot is free;
 * -ENOMEM. Never sleeps. Calls that follow each other get slots that do. */
int swap_reserve(struct frame *f);

/* The entry for a frame that is BUSY or held by an entry, in the swap cache. */
uint32_t swap_entry_of(const struct frame *f);

/* One more remembers the slot: 0, or -ENOMEM: too many do. Whoever calls knows that somebody does. */
int swap_dup(uint32_t swp);

/* One less. No spinlock is held. */
void swap_put(uint32_t swp);

/* The same where the slot's page is known to be mapped, or the caller sees to it: nothing is to be reaped. Any
 * context. */
void swap_put_mapped(uint32_t swp);

/* A slot that the caller remembers, 0: none is free. It follows the last one given out if it can. */
uint32_t swap_alloc(void);

bool swap_full(void);
uint32_t swap_total_pages(void); /* Slots that are not bad, */
uint32_t swap_free_pages(void);	 /* and those that are free. */
uint32_t swap_cached_pages(void);

/* How many remember the slot, the swap cache included. */
uint32_t swap_count(uint32_t swp);

/* ---- the swap cache ---- */

extern uint32_t swap_page_cluster; /* vm.page-cluster: the window's limit is 2 to its power. */

/* The page if it is in memory, with a reference; else NULL. */
struct frame *swap_peek(uint32_t swp, struct swap_window *w);

/* The page, read in with what w says of those behind it, with a reference. May sleep. -ENOMEM, -EIO, or -ENOENT
 * because nobody remembers the slot by now. The frame is of use only if frame_holds() it still says under the
 * lock of a table that has the entry. */
int swap_get(uint32_t swp, struct swap_window *w, struct frame **out);

/* Is f the page of this slot? */
bool swap_holds(uint32_t swp, const struct frame *f);

/* Take f, to which the caller has a reference, out of the swap cache when nobody remembers its slot but the
 * cache. False: somebody does, or f is BUSY. Whoever has it mapped keeps it. */
bool swap_leave(struct frame *f);

/* For a frame that lost an entry, or is BUSY no longer: let it go if nobody wants it any more. */
static inline void swap_reap(struct frame *f)
{
	if (unlikely(f->backing) && frame_is(f, FRAME_ANON) && atomic_load(&f->rmap[0]) == 0)
		swap_leave(f);
}

/* ---- moving pages ---- */

/* Read or write n frames, at most BACKING_CLUSTER_MAX, from or to the slots from swp on. May sleep. 0 or -EIO; a
 * slot that alone cannot be read or written is marked bad. */
int swap_io(uint32_t swp, bool write, struct frame *const *f, uint32_t n);

/* The same past the compressed pool. */
int swap_disk_io(uint32_t swp, bool write, struct frame *const *f, uint32_t n);

/* The entry of the n-th slot after that of swp. */
static inline uint32_t swap_next(uint32_t swp, uint32_t n)
{
	return swp + (n << SWAP_SLOT_SHIFT);
}

/* ---- areas ---- */

/* What an area is kept on; swap_add's caller knows how to get at it. */
struct swap_store {
	/* As swap_io, for slots from slot on. */
	int (*io)(struct swap_store *s, bool write, uint32_t slot, struct frame *const *f,
		  uint32_t n);
	/* The path that /proc/swaps shows. */
	char *name;
};

/* Use slots [1, slots) but bad[0..bad_count) of the store. Higher priority is used first, equal ones in turn. The
 * area's type, -EBUSY: too many areas, or -ENOMEM. */
int swap_add(struct swap_store *s, uint32_t slots, int32_t priority, const uint32_t *bad,
	     uint32_t bad_count);

/* Bring back all pages of the area and forget it. May sleep long. 0; -ENOMEM, -EINTR, -EIO: it is used as before. */
int swap_remove(uint32_t type);

/* Let areas that are being emptied be used as before: their swap_remove says -ENOMEM soon. For when nothing else
 * gives a frame. False: there are none. */
bool swap_remove_abort(void);

struct swap_area_info {
	struct swap_store *store; /* For him whose it is. */
	char name[16];
	uint32_t type, slots, in_use;
	int32_t priority;
};

/* The first area from *type on; *type moves behind it. False: none. */
bool swap_area_info(uint32_t *type, struct swap_area_info *info);

/* ---- the checker, with preemption off ---- */

/* Note that the slot is remembered once more; then compare with all counts. 0, or what stands for the slots that
 * differ, logged if verbose. */
void swap_check_begin(void);
void swap_check_count(uint32_t swp);
uint32_t swap_check_end(bool verbose);
