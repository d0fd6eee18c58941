/*
 * working_set.h: the frames that a family of processes has, when there is a limit to them.
 *
 * A space may have a working set; those it forks and the programs it executes share it. A frame joins when a
 * fault of such a space makes it present, and is a member until it is freed, whoever maps it meanwhile. Pages
 * that no fault of the space asked for (of fault_around, of the zero frame) are none.
 *
 * Locks: set->lock (RANK_POLICY) guards membership and all that the policy knows.
 */
#pragma once

#include "mm/fault.h"
#include "mm/frame.h"
#include "mm/policy.h"

struct reftrace;

struct working_set {
	uint32_t refs; /* Spaces that have it. */
	struct policy_set set;
	struct reftrace *trace; /* NULL: nobody watches. */
	uint32_t faults;	/* Frames that joined. */
	uint8_t number;
};

/* A new one for at most limit frames. 0; -ENOMEM; -ENODEV: cannot be traced; -EAGAIN: there are too many. */
int working_set_create(uint32_t limit, bool traced, struct working_set **out);

static inline struct working_set *working_set_get(struct working_set *ws)
{
	if (ws)
		atomic_inc(&ws->refs);
	return ws;
}

/* Drop a reference, NULL allowed; the last one lets the members go. */
void working_set_put(struct working_set *ws);

/* A fault of space has just made f, at va, present. Preemption has been off since; no table is locked. */
void working_set_touched(struct working_set *ws, struct frame *f, uint32_t va,
			 enum vm_access access, uint32_t space);

/* f, which is FRAME_LISTED, is freed. */
void working_set_leave(struct frame *f);
