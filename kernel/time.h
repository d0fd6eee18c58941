/*
 * time.h: the wall clock, and times in the forms users give and take them.
 *
 * The kernel counts in nanoseconds. Deadlines are clock_now() time, which starts at boot and never
 * jumps; the wall clock is that plus an offset, which clock_settime(2) changes.
 */
#pragma once

#include "kernel/abi/time.h"
#include "kernel/lib/types.h"

/* Later than anything: 292 years. Longer times are cut to it, so that sums of two do not overflow. */
#define TIME_MAX_NS ((uint64_t)INT64_MAX)

/* Read the battery clock. After the drivers started and before the first process. */
void time_init(void);

/* Nanoseconds since 1970-01-01 00:00 UTC. Any context. */
uint64_t realtime_now(void);

/* Set the wall clock; who sleeps until a wall clock time looks at it again. Thread context. */
void realtime_set(uint64_t ns);

/* Counts changes of the wall clock. */
uint32_t realtime_changes(void);

/* Sleep until the wall clock shows ns, whatever becomes of it meanwhile. 0 or -EINTR. */
int realtime_sleep(uint64_t ns);

/* The deadline ns from now, at most TIME_MAX_NS. */
uint64_t time_after(uint64_t ns);

/* Read a struct timespec, time64 or old, at this user address: as it is. 0 or -EFAULT. */
int __must_check timespec_from_user(struct timespec_time64 *ts, uint32_t user, bool time64);

/* The same in nanoseconds. -EFAULT; -EINVAL when negative or with
 * nanoseconds out of [0, 10^9). */
int __must_check time_from_user(uint64_t *ns, uint32_t user, bool time64);

/* Write one. 0 or -EFAULT. */
int __must_check time_to_user(uint32_t user, uint64_t ns, bool time64);
