/*
 * reftrace.h: the recorder of page references: what the laboratory of replacement policies looks at.
 *
 * Of the members of a traced working set only the REFTRACE_SHOWN that were recorded last are present; the
 * entries of all others are parked, so that the next touch faults and makes a record. So every reference is
 * recorded but those to the pages recorded last, and the first store to each of those is as well. A page
 * whose accessed bits a policy takes (frame_young) is parked at once: a record is made exactly when the
 * policy may see a page as referenced that it did not see so before.
 *
 * Records go to QEMU's debug console, which takes a byte at a time without any delay that the guest could
 * see: nothing is buffered, no memory is used, nobody has to read. All that a policy is told is in
 * them, in the order in which it was told, because all this happens under set->lock.
 *
 *	reftrace_create -> (in -> touched* -> evicted | removed)* -> reftrace_destroy
 */
#pragma once

#include "mm/fault.h"
#include "mm/frame.h"

/* No instruction needs more pages at once than 6: code, source and destination may each cross a border. */
#define REFTRACE_SHOWN 16u

/* References between two ticks of the policy's clock. */
#define REFTRACE_PERIOD 256u

/* A record is three words: a kind | access << 4 | pfn << 12, and two more. */
enum reftrace_kind {
	REFTRACE_START,	    /* a: the limit; b: REFTRACE_SHOWN. */
	REFTRACE_REFERENCE, /* a: the address; b: which space. */
	REFTRACE_IN, /* The frame joins. a, b: where its page was: a backing, the index there; or 0. */
	REFTRACE_EVICTED, /* It leaves; the same. */
	REFTRACE_REMOVED, /* It leaves for good. */
	REFTRACE_FORGET,  /* The page at a, b will never be asked for again. */
	REFTRACE_RESTORE, /* The last victim could not go. */
	REFTRACE_TICK,
	REFTRACE_END, /* a: faults; b: references that may have been missed. */
};

struct reftrace;

/* Start one for a set that may have limit members. 0; -ENODEV: there is no debug console; -ENOMEM. */
int reftrace_create(uint32_t limit, struct reftrace **out);

/* End it; faults is what the working set counted. */
void reftrace_destroy(struct reftrace *t, uint32_t faults);

/* What happened to a member. The set is locked. */
void reftrace_in(struct reftrace *t, const struct frame *f);
void reftrace_evicted(struct reftrace *t,
		      const struct frame *f); /* While it still has its backing. */
void reftrace_removed(struct reftrace *t, const struct frame *f);
void reftrace_restored(struct reftrace *t, const struct frame *f);
void reftrace_forget(struct reftrace *t, const struct backing *b, uint32_t index);

/* A fault made f, at va, present for this access; space says whose address that is. True: the policy's clock
 * is due. The set is locked, preemption has been off since the entry was changed, and no table is locked. */
bool reftrace_touched(struct reftrace *t, struct frame *f, uint32_t va, enum vm_access access,
		      uint32_t space);

/* frame_young() of a member: was it referenced since the last call? Parks it. The set is locked. */
bool reftrace_young(struct reftrace *t, struct frame *f);
