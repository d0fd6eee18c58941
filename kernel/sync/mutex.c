/*
 * mutex.c: one owner at a time; others sleep.
 *
 * The owner word is the lock. A waiter enters the queue before it tries again and the owner looks
 * at the queue after it let go, both with full barriers, so no wake-up is missed.
 *
 * Whoever runs may take a free mutex before the thread that was woken for it: that saves a switch
 * each time. But a waiter that came too late once asks for the mutex to be handed over, so it
 * cannot starve.
 */

#include "kernel/sync/mutex.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"

void mutex_init(struct mutex *m, const char *name, enum lock_rank rank)
{
	m->owner = NULL;
	m->hand_over = false;
	m->name = name;
	m->rank = (uint8_t)rank;
	waitq_init(&m->waiters);
}

static bool mutex_take(struct mutex *m)
{
	struct thread *none = NULL;

	return atomic_cmpxchg(&m->owner, &none, thread_current());
}

/* Wait until the mutex is ours. 0 or -EINTR. */
static int mutex_wait(struct mutex *m, enum thread_state state)
{
	int err = 0;

	waitq_enter(&m->waiters);
	for (bool woken = false; !err; woken = true) {
		thread_sleep_prepare(state);
		if (mutex_is_held(m) || mutex_take(m))
			break;
		if (woken)
			atomic_store(&m->hand_over, true);
		err = thread_sleep(0);
	}
	thread_sleep_cancel();
	waitq_leave();
	if (mutex_is_held(m))
		return 0; /* Perhaps handed over while we gave up. */
	if (err)
		waitq_wake_one(&m->waiters); /* Perhaps we were woken for it: pass that on. */
	return err;
}

/* Make the first waiter the owner in place of the current thread; false when nobody waits. */
static bool mutex_hand_over(struct mutex *m)
{
	uint32_t flags = spin_lock_irq(&m->waiters.lock);
	bool any = waitq_active(&m->waiters);

	atomic_store(&m->hand_over, false);
	if (any) {
		struct waiter *w = list_first(&m->waiters.waiters, struct waiter, link);

		atomic_store(&m->owner, w->thread);
		thread_wake(w->thread);
	}
	spin_unlock_irq(&m->waiters.lock, flags);
	return any;
}

static void mutex_lock_how(struct mutex *m, enum lock_how how)
{
	might_sleep();
	lock_rank_acquire(m->rank, m->name, how);
	if (!mutex_take(m))
		(void)mutex_wait(m, THREAD_SLEEPING);
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
		err = mutex_wait(m, THREAD_SLEEPING_INTERRUPTIBLE);
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
	lock_rank_release(m->rank, m->name);
	if (unlikely(atomic_load(&m->hand_over)) && mutex_hand_over(m))
		return;
	(void)atomic_xchg(&m->owner, NULL);
	if (waitq_active(&m->waiters))
		waitq_wake_one(&m->waiters);
}

bool mutex_is_held(const struct mutex *m)
{
	return atomic_load(&m->owner) == thread_current();
}
