/* mutex.h: a sleeping lock with one owner, ranked as lock.h says. */
#pragma once

#include "kernel/sync/waitq.h"

struct mutex {
	struct thread *owner; /* NULL: free. Atomic. */
	bool hand_over;	      /* Atomic: the next unlock makes the first waiter the owner. */
	struct waitq waiters;
	uint8_t rank;
	const char *name;
};

#define MUTEX_INIT(var, lockrank)                                                                  \
	{                                                                                          \
		.owner = NULL, .waiters = WAITQ_INIT((var).waiters), .rank = (lockrank),           \
		.name = #var                                                                       \
	}

void mutex_init(struct mutex *m, const char *name, enum lock_rank rank);
void mutex_lock(struct mutex *m);
void mutex_lock_nested(struct mutex *m); /* A second of the same rank, in a stated order. */
int __must_check mutex_lock_interruptible(struct mutex *m); /* 0 or -EINTR. */
bool mutex_trylock(struct mutex *m);
void mutex_unlock(struct mutex *m);
bool mutex_is_held(const struct mutex *m); /* By the current thread. */
