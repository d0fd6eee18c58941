/* reclaim.h: evicting frames. */
#pragma once

#include "kernel/lib/types.h"

struct frame;
struct policy_set;

/* Evict one frame that its policy named, and to which the caller has a reference. False: it cannot
 * go now, and all is as it was. May sleep, as writing a file does. */
bool reclaim_victim(struct frame *f);

/* Evict what can go of n frames, at most BACKING_CLUSTER_MAX, whoever thinks that they are in use.
 * The caller has a reference to each, which is dropped in any case. How many went. May sleep, as
 * above. */
uint32_t reclaim_frames(struct frame *const *f, uint32_t n);

/* Evict victims of s, at most BACKING_CLUSTER_MAX and at most most; what cannot go is a member again. How many
 * went. May sleep, as above. */
uint32_t reclaim_from(struct policy_set *s, uint32_t most);
