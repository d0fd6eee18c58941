/*
 * spinlock.c: spinlocks, and the check of the lock order that every kind of lock shares.
 *
 * In the debug preset each thread remembers the locks it holds. Taking one whose rank is not below
 * all of them panics at the spot, whether or not another CPU would have deadlocked this time.
 * Interrupt handlers have a list of their own: what they interrupted cannot wait for them.
 */

#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/log.h"
#include "kernel/sync/lock.h"
#include "kernel/sync/thread.h"

#define SPIN_LIMIT 100000000u /* Debug: nobody holds a spinlock this long. */

static struct held_locks irq_held[1]; /* By CPU id. */

static struct held_locks *held_locks(void)
{
	struct cpu *cpu = this_cpu();

	if (cpu->irq_depth > 0)
		return &irq_held[cpu->id];
	return &cpu->current->held;
}

static uint32_t highest_rank(const struct held_locks *h)
{
	uint32_t highest = RANK_NONE;

	for (uint32_t i = 0; i < h->count; i++)
		highest = MAX(highest, h->lock[i].rank);
	return highest;
}

void lock_dump_held(void)
{
	const struct held_locks *h = held_locks();

	for (uint32_t i = 0; i < h->count; i++)
		log("  holds %s (rank %u)\n", h->lock[i].name, h->lock[i].rank);
}

bool lock_rank_would_invert(enum lock_rank rank)
{
	return (uint32_t)rank <= highest_rank(held_locks());
}

void lock_rank_acquire_debug(enum lock_rank rank, const char *name, enum lock_how how)
{
	struct held_locks *h;
	uint32_t highest, flags;

	if (panic_started())
		return;
	flags = irq_save();
	h = held_locks();
	highest = highest_rank(h);
	if (h->count == LOCKS_HELD_MAX)
		panic("taking %s: %u locks held already", name, h->count);
	if (how != LOCK_TRIED && (rank < highest || (rank == highest && how != LOCK_NESTED))) {
		lock_dump_held();
		panic("lock order: taking %s (rank %u) while holding rank %u", name, rank, highest);
	}
	h->lock[h->count].rank = (uint8_t)rank;
	h->lock[h->count].name = name;
	h->count++;
	irq_restore(flags);
}

void lock_rank_release_debug(enum lock_rank rank, const char *name)
{
	struct held_locks *h;
	uint32_t i, flags;

	if (panic_started())
		return;
	flags = irq_save();
	h = held_locks();
	i = h->count;
	while (i > 0 && (h->lock[i - 1].rank != rank || h->lock[i - 1].name != name))
		i--;
	if (i == 0)
		panic("releasing %s (rank %u), which is not held", name, rank);
	for (h->count--; i <= h->count; i++)
		h->lock[i - 1] = h->lock[i];
	irq_restore(flags);
}

void spin_init(struct spinlock *l, const char *name, enum lock_rank rank)
{
	l->locked = 0;
	l->name = name;
	l->rank = (uint8_t)rank;
}

static void spin_wait(struct spinlock *l)
{
	uint32_t spins = 0;

	while (atomic_load(&l->locked) || atomic_xchg(&l->locked, 1)) {
		if (panic_started())
			return;
		cpu_relax();
		if (QUIRE_DEBUG && ++spins == SPIN_LIMIT)
			panic("spinlock %s never comes free", l->name);
	}
}

static inline void spin_acquire(struct spinlock *l)
{
	if (unlikely(atomic_xchg(&l->locked, 1)))
		spin_wait(l);
}

void spin_lock(struct spinlock *l)
{
	preempt_disable();
	lock_rank_acquire(l->rank, l->name, LOCK_ORDERED);
	spin_acquire(l);
}

void spin_lock_nested(struct spinlock *l)
{
	preempt_disable();
	lock_rank_acquire(l->rank, l->name, LOCK_NESTED);
	spin_acquire(l);
}

bool spin_trylock(struct spinlock *l)
{
	preempt_disable();
	if (atomic_xchg(&l->locked, 1)) {
		preempt_enable();
		return false;
	}
	lock_rank_acquire(l->rank, l->name, LOCK_TRIED);
	return true;
}

void spin_unlock(struct spinlock *l)
{
	ASSERT(l->locked);
	atomic_store(&l->locked, 0);
	lock_rank_release(l->rank, l->name);
	preempt_enable();
}

uint32_t spin_lock_irq(struct spinlock *l)
{
	uint32_t flags = irq_save();

	spin_lock(l);
	return flags;
}

void spin_unlock_irq(struct spinlock *l, uint32_t flags)
{
	ASSERT(l->locked);
	atomic_store(&l->locked, 0);
	lock_rank_release(l->rank, l->name);
	irq_restore(flags);
	preempt_enable();
}

bool spin_is_held(const struct spinlock *l)
{
	const struct held_locks *h = held_locks();

	if (!QUIRE_DEBUG)
		return true;
	for (uint32_t i = 0; i < h->count; i++)
		if (h->lock[i].name == l->name && l->locked)
			return true;
	return false;
}

void might_sleep(void)
{
	struct thread *t = thread_current();

	if (!QUIRE_DEBUG)
		return;
	if (t->preempt_count > 0 || this_cpu()->irq_depth > 0 || !irqs_enabled()) {
		lock_dump_held();
		panic("%s would sleep: preempt_count %u, irq depth %u, interrupts %s", t->name,
		      t->preempt_count, this_cpu()->irq_depth, irqs_enabled() ? "on" : "off");
	}
}
