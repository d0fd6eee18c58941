/*
 * sigtimer.h: timers that send signals: setitimer's and timer_create's.
 *
 * Signals may not be sent from the tick, with interrupts off. So a timer that is due goes on a list, and
 * a thread calls its fire() and starts it again when it has an interval. One mutex serialises the thread
 * with everybody who sets or stops timers: after sigtimer_set() the thread does what was set last.
 */
#pragma once

#include "kernel/sync/thread.h"
#include "kernel/sync/timer.h"

struct sigtimer {
	struct timer timer;
	struct list link;      /* Due timers; due_lock. */
	uint64_t deadline;     /* 0: not running. This and the rest: sigtimer_mutex. */
	uint64_t interval;     /* 0: once. */
	struct list wall_link; /* On a list when the deadline is a time of the wall clock. */
	/* It was due times times since it was set or last fired. Thread context, sigtimer_mutex held. */
	void (*fire)(struct sigtimer *st, uint32_t times);
};

/* How much is left, in nanoseconds; left is 0 when the timer is not running. */
struct sigtimer_state {
	uint64_t left, interval;
};

/* Start the thread. After the scheduler, before the first process. 0 or -ENOMEM. */
int sigtimers_init(void);

void sigtimer_init(struct sigtimer *st, void (*fire)(struct sigtimer *st, uint32_t times));

/* sigtimer_mutex, for those who have more to keep in step with their timers. */
void sigtimer_lock(void);
void sigtimer_unlock(void);

/* Start at deadline (clock_now() time; 0: stop), then every interval; *old is what it was, or NULL.
 * wall: when the wall clock is set, the deadline moves with it. sigtimer_mutex held. */
void sigtimer_set(struct sigtimer *st, uint64_t deadline, uint64_t interval, bool wall,
		  struct sigtimer_state *old);
void sigtimer_get(struct sigtimer *st, struct sigtimer_state *out);

static inline void sigtimer_stop(struct sigtimer *st)
{
	sigtimer_set(st, 0, 0, false, NULL);
}

/* The wall clock went forward by this many nanoseconds, or back. Takes the mutex. */
void sigtimer_wall_moved(int64_t by);
