/*
 * rwlock.h: a sleeping lock for many readers or one writer, ranked as lock.h says.
 *
 * Writers are preferred: once one waits, new readers queue behind it. A thread must not take the
 * read side twice (it would deadlock behind a waiting writer).
 */
#pragma once

#include "kernel/sync/waitq.h"

struct rwlock {
	uint32_t state;	       /* Atomic: who is inside and who waits, see rwlock.c. */
	struct thread *writer; /* NULL: none. */
	struct waitq waiters;
	uint8_t rank;
	const char *name;
};

void rwlock_init(struct rwlock *l, const char *name, enum lock_rank rank);
void rwlock_read_lock(struct rwlock *l);
void rwlock_read_unlock(struct rwlock *l);
bool rwlock_read_trylock(struct rwlock *l);
void rwlock_write_lock(struct rwlock *l);
void rwlock_write_lock_nested(struct rwlock *l); /* Fork: the child's, after the parent's. */
void rwlock_write_unlock(struct rwlock *l);
bool rwlock_write_trylock(struct rwlock *l);
bool rwlock_is_write_held(const struct rwlock *l); /* By the current thread. */
bool rwlock_is_held(const struct rwlock *l);	   /* By anybody; for assertions. */
