/*
 * rwlock.c: many readers or one writer. A waiting writer holds new readers off, so it cannot starve.
 *
 * Lock: l->lock (RANK_WAITQ; nothing is taken under it) guards readers, writer, writers_waiting.
 */

#include "kernel/sync/rwlock.h"

#include "kernel/lib/assert.h"

void rwlock_init(struct rwlock *l, const char *name, enum lock_rank rank)
{
	spin_init(&l->lock, "rwlock", RANK_WAITQ);
	l->readers = 0;
	l->writer = NULL;
	l->writers_waiting = 0;
	waitq_init(&l->waiters);
	l->rank = (uint8_t)rank;
	l->name = name;
}

static bool read_take(struct rwlock *l)
{
	bool ok;

	spin_lock(&l->lock);
	ok = !l->writer && l->writers_waiting == 0;
	if (ok)
		l->readers++;
	spin_unlock(&l->lock);
	return ok;
}

/* waiting: 1 when the caller counts as a waiting writer until it succeeds. */
static bool write_take(struct rwlock *l, uint32_t waiting)
{
	bool ok;

	spin_lock(&l->lock);
	ok = !l->writer && l->readers == 0;
	if (ok) {
		l->writer = thread_current();
		l->writers_waiting -= waiting;
	}
	spin_unlock(&l->lock);
	return ok;
}

void rwlock_read_lock(struct rwlock *l)
{
	might_sleep();
	lock_rank_acquire(l->rank, l->name, LOCK_ORDERED);
	if (!read_take(l))
		waitq_wait_event(&l->waiters, read_take(l), 0);
}

bool rwlock_read_trylock(struct rwlock *l)
{
	if (!read_take(l))
		return false;
	lock_rank_acquire(l->rank, l->name, LOCK_TRIED);
	return true;
}

static void write_lock_how(struct rwlock *l, enum lock_how how)
{
	might_sleep();
	lock_rank_acquire(l->rank, l->name, how);
	if (write_take(l, 0))
		return;
	spin_lock(&l->lock);
	l->writers_waiting++;
	spin_unlock(&l->lock);
	waitq_wait_event(&l->waiters, write_take(l, 1), 0);
}

void rwlock_write_lock(struct rwlock *l)
{
	write_lock_how(l, LOCK_ORDERED);
}

void rwlock_write_lock_nested(struct rwlock *l)
{
	write_lock_how(l, LOCK_NESTED);
}

bool rwlock_write_trylock(struct rwlock *l)
{
	if (!write_take(l, 0))
		return false;
	lock_rank_acquire(l->rank, l->name, LOCK_TRIED);
	return true;
}

/* Let go of one kind of hold; wake everybody when the lock is free for somebody. */
static void release(struct rwlock *l, bool write)
{
	bool free;

	spin_lock(&l->lock);
	if (write) {
		ASSERT(l->writer == thread_current());
		l->writer = NULL;
	} else {
		ASSERT(l->readers > 0);
		l->readers--;
	}
	free = l->readers == 0;
	spin_unlock(&l->lock);
	lock_rank_release(l->rank, l->name);
	if (free && waitq_active(&l->waiters))
		waitq_wake_all(&l->waiters);
}

void rwlock_read_unlock(struct rwlock *l)
{
	release(l, false);
}

void rwlock_write_unlock(struct rwlock *l)
{
	release(l, true);
}

bool rwlock_is_write_held(const struct rwlock *l)
{
	return l->writer == thread_current();
}

bool rwlock_is_held(const struct rwlock *l)
{
	return l->writer || l->readers > 0;
}
