/*
 * fail.h: failure on demand. fail=NAME:N (and /proc/sys/debug/fail) makes the N-th call of that
 * point from now on fail once, as if memory or the disk had run out; NAME:N+ makes it fail from then on.
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

/* Arm from text "frame_alloc:17" or "kmalloc:3+"; "off" disarms all. 0 or -EINVAL. */
int fail_set(const char *text);
