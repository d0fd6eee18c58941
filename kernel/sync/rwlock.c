/*
 * rwlock.c: many readers or one writer. A waiting writer holds new readers off, so it cannot
 * starve.
 *
 * All of it is in one atomic word, so that taking a free lock is one exchange: the readers inside,
 * the writers that wait, and whether a writer is inside. A waiter enters the queue before it tries
 * again, and whoever lets go looks at the queue afterwards, both with full barriers.
 */

#include "kernel/sync/rwlock.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"

#define READER 1u
#define READERS 0xFFFFu
#define WAITING_WRITER 0x10000u
#define WRITER 0x80000000u /* Between the two: the number of waiting writers. */

void rwlock_init(struct rwlock *l, const char *name, enum lock_rank rank)
{
	l->state = 0;
	l->writer = NULL;
	waitq_init(&l->waiters);
	l->rank = (uint8_t)rank;
	l->name = name;
}

static bool read_take(struct rwlock *l)
{
	uint32_t seen = atomic_load(&l->state);

	while (seen < WAITING_WRITER) /* No writer inside, none waiting. */
		if (atomic_cmpxchg(&l->state, &seen, seen + READER))
			return true;
	return false;
}

/* waiting: WAITING_WRITER when the caller has counted itself as one, until it succeeds; or 0. */
static bool write_take(struct rwlock *l, uint32_t waiting)
{
	uint32_t seen = atomic_load(&l->state);

	while (!(seen & (WRITER | READERS)))
		if (atomic_cmpxchg(&l->state, &seen, (seen - waiting) | WRITER)) {
			atomic_store(&l->writer, thread_current());
			return true;
		}
	return false;
}

/* Apart, so that who finds the lock free does not pay for it. */
static __attribute__((noinline)) void read_wait(struct rwlock *l)
{
	waitq_wait_event(&l->waiters, read_take(l), 0);
}

void rwlock_read_lock(struct rwlock *l)
{
	might_sleep();
	lock_rank_acquire(l->rank, l->name, LOCK_ORDERED);
	if (!read_take(l))
		read_wait(l);
}

bool rwlock_read_trylock(struct rwlock *l)
{
	if (!read_take(l))
		return false;
	lock_rank_acquire(l->rank, l->name, LOCK_TRIED);
	return true;
}

static __attribute__((noinline)) void write_wait(struct rwlock *l)
{
	atomic_add(&l->state, WAITING_WRITER);
	waitq_wait_event(&l->waiters, write_take(l, WAITING_WRITER), 0);
}

static void write_lock_how(struct rwlock *l, enum lock_how how)
{
	might_sleep();
	lock_rank_acquire(l->rank, l->name, how);
	if (!write_take(l, 0))
		write_wait(l);
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

/* After letting go: wake whoever waits when the lock, which is now so, can be had. */
static void released(struct rwlock *l, uint32_t state)
{
	lock_rank_release(l->rank, l->name);
	if (!(state & READERS) && waitq_active(&l->waiters))
		waitq_wake_all(&l->waiters);
}

void rwlock_read_unlock(struct rwlock *l)
{
	ASSERT(atomic_load(&l->state) & READERS);
	released(l, atomic_sub_return(&l->state, READER));
}

void rwlock_write_unlock(struct rwlock *l)
{
	ASSERT(rwlock_is_write_held(l));
	atomic_store(&l->writer, NULL);
	released(l, atomic_sub_return(&l->state, WRITER));
}

bool rwlock_is_write_held(const struct rwlock *l)
{
	return atomic_load(&l->writer) == thread_current();
}

bool rwlock_is_held(const struct rwlock *l)
{
	return atomic_load(&l->state) & (WRITER | READERS);
}
