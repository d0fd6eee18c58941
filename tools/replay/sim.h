/*
 * sim.h: a memory of a few frames under a replacement policy of the kernel.
 *
 * The policy is the kernel's own source; the simulator is what the kernel's driver is to it. Each
 * page of the trace has a struct frame of its own, which is a member while the page is in memory.
 *
 *	struct sim *sim = sim_create("clock", frames, trace.pages);
 *	for (...)
 *		sim_step(sim, record);
 *	print(sim_counts(sim)); sim_destroy(sim);
 */
#pragma once

#include <stdbool.h>

#include "tools/replay/trace.h"

struct sim;

struct counts {
	uint64_t faults;    /* References to pages that were not in memory. */
	uint64_t evictions; /* Pages that went to make room. */
	uint64_t writes;    /* Those of them that were modified. */
};

/* The name of the i-th policy; NULL after the last. */
const char *sim_policy_name(uint32_t i);

/* frames > 0, pages is the highest number that will come; NULL: no such policy, or no memory. */
struct sim *sim_create(const char *policy, uint32_t frames, uint32_t pages);
void sim_destroy(struct sim *sim);

void sim_step(struct sim *sim, struct trace_record record);

struct counts sim_counts(const struct sim *sim);

bool sim_resident(const struct sim *sim, uint32_t page);

/* Have evict called with the number of each page that goes. */
void sim_on_evict(struct sim *sim, void (*evict)(uint32_t page));

/*
 * The trace was recorded under this very policy and number of frames: tell the policy of RESTORE
 * and EVICTED when the kernel did, and have differs called when the kernel evicted another page.
 */
void sim_as_recorded(struct sim *sim, void (*differs)(uint32_t kernel, uint32_t replay));
