/*
 * timer.h: call a function at a time. Callbacks run from the clock's interrupt, with interrupts off, in the
 * order of their deadlines; they may wake threads and add timers, not sleep.
 */
#pragma once

#include "kernel/lib/types.h"

/* A node of a pairing heap ordered by deadline. */
struct timer {
	uint64_t deadline; /* clock_now() time. */
	void (*fn)(struct timer *t);
	struct timer *child, *next; /* First child; next sibling. */
	struct timer **link;	    /* Whoever points at us; NULL when not armed. */
};

void timer_init(struct timer *t, void (*fn)(struct timer *t));

/* Arm t (again, if it is armed) for deadline. Cost: constant. Any context. */
void timer_start(struct timer *t, uint64_t deadline);

/*
 * Disarm. When this returns the callback is not running and will not run. True if it was armed.
 * Logarithmic in the number of timers.
 */
bool timer_cancel(struct timer *t);

/* From the clock's interrupt: run what is due. When the next one is, UINT64_MAX for none. */
uint64_t timer_run(uint64_t now);
