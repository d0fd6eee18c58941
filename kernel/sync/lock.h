/*
 * lock.h: the lock order of the whole kernel, and the spinlock.
 *
 * Locks are taken downwards in this table; taking one that stands above or beside one already held
 * panics in the debug preset with both names. A lock that may nest in its own rank says so by
 * lock_nested at the call.
 *
 *	sleeping
 *	  RANK_PROC	process tree, fd tables: looked up first, nothing above
 *	  RANK_INODE	an inode's contents and directory: path walk, read, write
 *	  RANK_ASPACE	an address space: a user copy inside write() faults with the inode held
 *	  RANK_BUSY	a frame's BUSY flag: cache_get inside a fault
 *	  RANK_FSALLOC	a file system's bitmaps and maps: to write a page
 *	  RANK_FSMETA	metadata frames, block queues: to read a page
 *	spinning
 *	  RANK_BACKING	a backing's index
 *	  RANK_TABLE	a page table's entries
 *	  RANK_RMAP
 *	  RANK_POLICY
 *	  RANK_LEAF	free lists, slab, tty: take nothing below but RANK_WAITQ
 *	  RANK_WAITQ	wait queues, timers: a wake-up may come from under any lock above
 *	  RANK_CONSOLE	printing works everywhere
 *	unranked	the run queue and the log: nothing is taken under them, interrupts are off
 *
 * A spinlock turns preemption off (and interrupts, with the _irq forms, for what interrupt handlers
 * take too). Nobody sleeps, does I/O or touches user memory under one.
 */
#pragma once

#include "arch/x86/cpu.h"
#include "kernel/lib/types.h"

enum lock_rank {
	RANK_NONE,
	RANK_PROC,
	RANK_INODE,
	RANK_ASPACE,
	RANK_BUSY,
	RANK_FSALLOC,
	RANK_FSMETA,
	RANK_FIRST_SPIN,
	RANK_BACKING = RANK_FIRST_SPIN,
	RANK_TABLE,
	RANK_RMAP,
	RANK_POLICY,
	RANK_LEAF,
	RANK_WAITQ,
	RANK_CONSOLE,
};

struct spinlock {
	uint32_t locked;
	uint8_t rank; /* enum lock_rank */
	const char *name;
};

#define SPINLOCK_INIT(lockname, lockrank)                                                          \
	{                                                                                          \
		.locked = 0, .rank = (lockrank), .name = (lockname)                                \
	}

void spin_init(struct spinlock *l, const char *name, enum lock_rank rank);
void spin_lock(struct spinlock *l);
void spin_unlock(struct spinlock *l);
bool spin_trylock(struct spinlock *l);

/* A second lock of the same rank, in an order the caller states in a comment. */
void spin_lock_nested(struct spinlock *l);

/* For locks that interrupt handlers take: interrupts stay off until the unlock. */
uint32_t spin_lock_irq(struct spinlock *l);
void spin_unlock_irq(struct spinlock *l, uint32_t flags);

/* True when this CPU's current thread holds it (debug preset; always true in release). */
bool spin_is_held(const struct spinlock *l);

/* Locks a thread (or the interrupt handlers of a CPU) holds, in the order it took them. */
#define LOCKS_HELD_MAX 48 /* Two clusters of BUSY frames, and what else there may be. */

struct held_locks {
	uint32_t count;
	struct {
		uint8_t rank;
		const char *name;
	} lock[LOCKS_HELD_MAX];
};

/* The bookkeeping behind the rank check; also used by mutexes, rwlocks and the BUSY flag. In
 * release builds both are nothing. LOCK_TRIED: it was not waited for, which no order forbids. */
enum lock_how {
	LOCK_ORDERED,
	LOCK_NESTED,
	LOCK_TRIED,
};
void lock_rank_acquire_debug(enum lock_rank rank, const char *name, enum lock_how how);
void lock_rank_release_debug(enum lock_rank rank, const char *name);

static inline void lock_rank_acquire(enum lock_rank rank, const char *name, enum lock_how how)
{
	if (QUIRE_DEBUG)
		lock_rank_acquire_debug(rank, name, how);
}

static inline void lock_rank_release(enum lock_rank rank, const char *name)
{
	if (QUIRE_DEBUG)
		lock_rank_release_debug(rank, name);
}

/* Say which locks the current thread holds: for panics. */
void lock_dump_held(void);

/* Would waiting for a lock of this rank panic here? Lets a test look at the check and survive. */
bool lock_rank_would_invert(enum lock_rank rank);

/* Panic unless the current thread may sleep here: no spinlock, no interrupt
 * handler, preemption on. */
void might_sleep(void);
