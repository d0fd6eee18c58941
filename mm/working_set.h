/*
 * working_set.h: the frames that a family of processes has, when there is a limit to them.
 *
 * A space may have a working set; those it forks and the programs it executes share it. A frame joins when a
 * fault of such a space makes it present, and is a member until it is evicted or freed, whoever maps it
 * meanwhile. Pages that no fault of the space asked for (of fault_around, of the zero frame), and the vDSO's, are none.
 *
 * When the set is full, the fault that brings one more page in sends one out itself, before the program goes
 * on: which one does not depend on what else the machine does.
 *
 * Locks: set->lock (RANK_POLICY) guards membership, all that the policy knows, and the counters.
 */
#pragma once

#include "mm/fault.h"
#include "mm/policy_set.h"

struct working_set {
	uint32_t refs; /* Spaces that have it. */
	struct policy_set set;
	uint32_t minimum;   /* Frames that nobody else may have. */
	uint32_t faults;    /* Frames that joined. */
	uint32_t evictions; /* Frames that had to leave. */
	struct list link;   /* Of those in use, or of those that are not. */
};

/*
 * A new one for at most limit frames, ordered by policy. 0; -ENOMEM; traced: -ENODEV when that is not possible
 * here; -EINVAL: the policy can order traced sets only.
 */
int working_set_create(uint32_t limit, const struct policy *policy, bool traced,
		       struct working_set **out);

static inline struct working_set *working_set_get(struct working_set *ws)
{
	if (ws)
		atomic_inc(&ws->refs);
	return ws;
}

/* What a process has that a process with from (NULL: none) forks, or becomes by exec: the same; each its own under
 * the Windows personality (balance.h). 0; -ENOMEM: not enough memory for one more process. */
int working_set_inherit(struct working_set *from, struct working_set **out);

/* Drop a reference, NULL allowed; the last one lets the members go to the global sets. */
void working_set_put(struct working_set *ws);

/* A fault of space has just made f, to which the caller has a reference, present at va. Preemption has been off
 * since; no table is locked. What has to go for it, out of the set and with a reference; NULL: nothing. */
struct frame *working_set_touched(struct working_set *ws, struct frame *f, uint32_t va,
				  enum vm_access access, uint32_t space);

/* The set whose turn it is to give frames to others, with a reference; NULL: none has
 * more than its minimum. What is recorded does
 * not depend on what others do, so traced sets are left out. */
struct working_set *working_set_next(void);

/* Frames above the minimum. */
static inline uint32_t working_set_surplus(const struct working_set *ws)
{
	uint32_t pages = atomic_load(&ws->set.pages);

	return pages - MIN(pages, ws->minimum);
}

/* The sum of that over the sets that may have a turn. */
uint32_t working_sets_surplus(void);

/* Evict victim, which came from the above, or another member that can go. May sleep, with no lock below
 * RANK_BUSY held. */
void working_set_evict(struct working_set *ws, struct frame *victim);
