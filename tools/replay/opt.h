/*
 * opt.h: the fewest faults that are possible.
 *
 * Belady's MIN: evict the page whose next use is farthest away. It needs the future, which a trace
 * has, so it is the floor under all policies.
 */
#pragma once

#include "tools/replay/sim.h"

struct opt;

/* Find each reference's next one; NULL without memory. */
struct opt *opt_create(const struct trace *trace);
void opt_destroy(struct opt *opt);

/* Replay the whole trace with so many frames, > 0. evict (NULL: nobody) is called with each page
 * that goes. */
struct counts opt_run(struct opt *opt, uint32_t frames, void (*evict)(uint32_t page));
