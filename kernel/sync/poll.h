/*
 * poll.h: waiting for several files at once (poll(2), select(2)).
 *
 * A file's poll operation calls poll_wait() for the wait queue that is woken when its answer may
 * change, then returns the events that hold now. The table is NULL when the caller only asks.
 */
#pragma once

#include "kernel/sync/waitq.h"

struct poll_table {
	struct waiter *waiters; /* Room for max. */
	uint32_t count, max;
	int error; /* -ENOMEM when there was no room. */
};

void poll_wait(struct poll_table *pt, struct waitq *q);
void poll_finish(struct poll_table *pt); /* Leave all queues. */
