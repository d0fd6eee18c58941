/*
 * fail.h: failure on demand. fail=NAME:N (and /proc/sys/debug/fail) makes the N-th call of that
 * point from now on fail once, as if memory or the disk had run out; NAME:N+ makes it fail from then on, NAME:N*
 * every N-th call. Who met a failure is remembered, so that a test can tell what it has reached.
 */
#pragma once

#include "kernel/lib/types.h"

enum fail_point {
	FAIL_FRAME_ALLOC,
	FAIL_KMALLOC,
	FAIL_CACHE_READ,
	FAIL_POINT_COUNT,
};

extern uint32_t fail_armed; /* Bit per point: the fast path tests this word only. */

bool fail_now_slow(enum fail_point p);

static inline bool fail_now(enum fail_point p)
{
	return __builtin_expect(fail_armed >> p & 1, 0) && fail_now_slow(p);
}

/* Arm from text "frame_alloc:17", "kmalloc:3+" or "kmalloc:50*"; "off" disarms all. 0 or -EINVAL. */
int fail_set(const char *text);

#define FAIL_CALLERS 16

struct fail_state {
	const char *name;
	bool armed;
	uint32_t callers
		[FAIL_CALLERS]; /* Of the last call that failed, innermost first; 0: there were no more. */
};
void fail_state(enum fail_point p, struct fail_state *out);

/* Fills eip with at most max addresses, those who called the function with this frame pointer; how many. Set at
 * start-up by who can walk the stack. */
extern uint32_t (*fail_callers)(uint32_t ebp, uint32_t *eip, uint32_t max);
