/*
 * mutex.c: one owner at a time; others sleep.
 *
 * The owner word is the lock. A waiter enters the queue before it tries again and the owner looks at the
 * queue after it let go, both with full barriers, so no hand-over is missed.
 */

#include "kernel/sync/mutex.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"

void mutex_init(struct mutex *m, const char *name, enum lock_rank rank)
{
	m->owner = NULL;
	m->name = name;
	m->rank = (uint8_t)rank;
	waitq_init(&m->waiters);
}

static bool mutex_take(struct mutex *m)
{
	struct thread *none = NULL;

	return atomic_cmpxchg(&m->owner, &none, thread_current());
}

static void mutex_lock_how(struct mutex *m, enum lock_how how)
{
	might_sleep();
	lock_rank_acquire(m->rank, m->name, how);
	if (!mutex_take(m))
		waitq_wait_event(&m->waiters, mutex_take(m), 0);
}

void mutex_lock(struct mutex *m)
{
	mutex_lock_how(m, LOCK_ORDERED);
}

void mutex_lock_nested(struct mutex *m)
{
	mutex_lock_how(m, LOCK_NESTED);
}

int mutex_lock_interruptible(struct mutex *m)
{
	int err = 0;

	might_sleep();
	lock_rank_acquire(m->rank, m->name, LOCK_ORDERED);
	if (!mutex_take(m))
		err = waitq_wait_event_interruptible(&m->waiters, mutex_take(m), 0);
	if (err)
		lock_rank_release(m->rank, m->name);
	return err;
}

bool mutex_trylock(struct mutex *m)
{
	if (!mutex_take(m))
		return false;
	lock_rank_acquire(m->rank, m->name, LOCK_TRIED);
	return true;
}

void mutex_unlock(struct mutex *m)
{
	ASSERT(m->owner == thread_current());
	(void)atomic_xchg(&m->owner, NULL);
	lock_rank_release(m->rank, m->name);
	if (waitq_active(&m->waiters))
		waitq_wake_one(&m->waiters);
}

bool mutex_is_held(const struct mutex *m)
{
	return m->owner == thread_current();
}
