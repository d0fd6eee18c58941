/*
 * vma.h: the areas of an address space: what a range of addresses means, not which pages it has.
 *
 * VMAs of an aspace are sorted, disjoint, page aligned, never empty, and merged whenever two
 * neighbours could be one. They are linked by address, and hang in a balanced tree ordered by address in which every
 * node also knows a bound of the free gaps in its subtree, so that lookup and the search for a free range are both
 * logarithmic. This file is pure: it runs on the host as it does in the kernel.
 *
 * Locks: the owning aspace's lock, shared to look, exclusive to change.
 */
#pragma once

#include "arch/x86/layout.h"
#include "kernel/lib/types.h"

struct backing;

/* What may be done: the same bits as Linux's PROT_*. */
#define VM_READ 0x1u
#define VM_WRITE 0x2u
#define VM_EXEC 0x4u
#define VM_PROT 0x7u

#define VM_SHARED 0x08u	    /* Writes go to the backing. */
#define VM_GROWSDOWN 0x10u  /* Stack: grows on touch. */
#define VM_STACK 0x20u	    /* The main stack: "[stack]" in maps. */
#define VM_HEAP 0x40u	    /* brk's area: "[heap]". */
#define VM_MAYWRITE 0x80u   /* mprotect may add VM_WRITE (not: shared map of a read-only file). */
#define VM_NORESERVE 0x100u /* Does not count as committed. */
#define VM_ACCOUNTED 0x200u /* Counts as committed. */

#define VM_LOCKED 0x400u      /* mlock: its pages stay in memory. */
#define VM_LOCKONFAULT 0x800u /* With VM_LOCKED: from their first touch on. */
#define VM_LOCK_BITS (VM_LOCKED | VM_LOCKONFAULT)
#define VM_DONTFORK 0x1000u   /* A child does not get it. */
#define VM_WIPEONFORK 0x2000u /* A child gets it empty. */
#define VM_DONTDUMP 0x4000u   /* Told in smaps; there are no core files. */
#define VM_RANDOM 0x8000u     /* Advice about how it will be read. */
#define VM_SEQUENTIAL 0x10000u

/* A number that whoever mapped it has given it; 0: none. See mm/label.h. */
#define VM_LABEL_SHIFT 20
#define VM_LABEL_MAX 0xFFFu

struct vma {
	uint32_t start, end; /* [start, end), page aligned. */
	uint32_t flags;
	struct backing *backing; /* NULL: private anonymous memory. One reference. */
	uint32_t pgoff;		 /* Page of the backing that start shows. */
	struct vma *prev, *next; /* By address. */
	struct vma *left, *right, *parent;
	int32_t rank;	/* Above its children's. */
	uint32_t gap;	/* Free bytes between the VMA before and vma_guard_start(). */
	uint32_t bound; /* No gap in this subtree is larger. */
};

struct vma_tree {
	struct vma *root;
	struct vma *found; /* By the latest search, which is mostly asked for again; NULL. */
	uint32_t count;
	uint32_t pages;	     /* Sum of the lengths. */
	uint32_t pages_peak; /* The most it ever was. */
};

/* New mappings that may choose leave this much free below an area that grows, and it grows no closer
 * to another (Linux's stack_guard_gap). */
#define STACK_GUARD_GAP (256 * PAGE_SIZE)

/* Where the room that belongs to v begins. */
static inline uint32_t vma_guard_start(const struct vma *v)
{
	if (likely(!(v->flags & VM_GROWSDOWN)))
		return v->start;
	return v->start > STACK_GUARD_GAP ? v->start - STACK_GUARD_GAP : 0;
}

/* The VMA that holds va, or NULL. */
struct vma *vma_find(struct vma_tree *t, uint32_t va);

/* The first VMA that ends after va: the one that holds it or the next above; NULL. */
struct vma *vma_find_from(struct vma_tree *t, uint32_t va);

struct vma *vma_first(const struct vma_tree *t);
struct vma *vma_last(const struct vma_tree *t);

/* True when a VMA touches [start, end). */
bool vma_overlaps(struct vma_tree *t, uint32_t start, uint32_t end);

/* Link and unlink; the range must be free. */
void vma_insert(struct vma_tree *t, struct vma *v);
void vma_remove(struct vma_tree *t, struct vma *v);

/* Make a tree of areas that come in their order, in one go: append each behind last, the one before it or NULL;
 * before anything else is done with the tree, build it. */
void vma_append(struct vma_tree *t, struct vma *v, struct vma *last);
void vma_build(struct vma_tree *t, struct vma *last);

/* Cut v at va: the rest is upper, a copy of v. Make one of lower and the next area, which is unlinked and
 * returned. */
void vma_split(struct vma_tree *t, struct vma *v, struct vma *upper, uint32_t va);
struct vma *vma_join(struct vma_tree *t, struct vma *lower);

/* Change where v begins and ends; what it covers more must be free. */
void vma_resize(struct vma_tree *t, struct vma *v, uint32_t start, uint32_t end, uint32_t pgoff);

/* Some VMA, unlinked, or NULL: for the end of a tree. Nothing but this may be done with the tree from now on. */
struct vma *vma_take(struct vma_tree *t);

/* The highest free range of len bytes inside [low, high): its start, or 0 when there is none. Lock exclusive. */
uint32_t vma_find_gap(struct vma_tree *t, uint32_t len, uint32_t low, uint32_t high);

/* Could b, which starts where a ends, be part of a? */
bool vma_mergeable(const struct vma *a, const struct vma *b);

/* Recount order, disjointness, ranks, gaps; NULL or a sentence about the first fault. */
const char *vma_check(const struct vma_tree *t);
