/*
 * sigtimer.c: the thread between the tick and the signals of timers. See sigtimer.h.
 *
 * Locks: sigtimer_mutex (RANK_PROC) as sigtimer.h says; under it due_lock (RANK_LEAF, interrupts off)
 * guards the list of due timers.
 */

#include "kernel/sigtimer.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/proc.h"
#include "kernel/sync/mutex.h"
#include "kernel/time.h"

/* What a timer leaves the machine between two times that it fires: faster ones are counted in groups. */
#define REST_NS (NSEC_PER_SEC / 2000)

static struct mutex sigtimer_mutex = MUTEX_INIT(sigtimer_mutex, RANK_PROC);
static struct spinlock due_lock = SPINLOCK_INIT("due timers", RANK_LEAF);
static struct list due = LIST_INIT(due);
static struct list wall_timers = LIST_INIT(wall_timers); /* sigtimer_mutex */
static struct waitq due_wait = WAITQ_INIT(due_wait);

void sigtimer_lock(void)
{
	mutex_lock(&sigtimer_mutex);
}

void sigtimer_unlock(void)
{
	mutex_unlock(&sigtimer_mutex);
}

/* From the tick. The thread shall run next, or a program that computes would miss its interval. */
static void expired(struct timer *timer)
{
	struct sigtimer *st = container_of(timer, struct sigtimer, timer);
	uint32_t flags = spin_lock_irq(&due_lock);

	if (list_empty(&st->link))
		list_add_tail(&due, &st->link);
	spin_unlock_irq(&due_lock, flags);
	waitq_wake_all(&due_wait);
	this_cpu()->need_resched = true;
}

static bool any_due(void)
{
	return !list_empty(&due);
}

static struct sigtimer *next_due(void)
{
	uint32_t flags = spin_lock_irq(&due_lock);
	struct sigtimer *st = NULL;

	if (any_due()) {
		st = list_first(&due, struct sigtimer, link);
		list_remove(&st->link);
	}
	spin_unlock_irq(&due_lock, flags);
	return st;
}

/* Start it for the first multiple of its interval that is still to come. How many are past. */
static uint32_t start_again(struct sigtimer *st)
{
	uint64_t past, ahead;

	if (!st->interval) {
		st->deadline = 0;
		list_remove(&st->wall_link);
		return 1;
	}
	ahead = st->interval < REST_NS ? REST_NS : 0;
	past = (clock_now() + ahead - st->deadline) / st->interval + 1;
	st->deadline = MIN(st->deadline + past * st->interval, TIME_MAX_NS);
	timer_start(&st->timer, st->deadline);
	return (uint32_t)MIN(past, INT32_MAX);
}

static void sigtimer_run(void *arg)
{
	struct sigtimer *st;

	(void)arg;
	for (;;) {
		waitq_wait_event(&due_wait, any_due(), 0);
		mutex_lock(&sigtimer_mutex);
		st = next_due();
		if (st)
			st->fire(st, start_again(st));
		mutex_unlock(&sigtimer_mutex);
	}
}

int sigtimers_init(void)
{
	return kproc_create("sigtimer", sigtimer_run, NULL) ? 0 : -ENOMEM;
}

void sigtimer_init(struct sigtimer *st, void (*fire)(struct sigtimer *st, uint32_t times))
{
	timer_init(&st->timer, expired);
	list_init(&st->link);
	list_init(&st->wall_link);
	st->deadline = st->interval = 0;
	st->fire = fire;
}

/* A timer that is due but has not fired yet has next to nothing left, not nothing. */
static struct sigtimer_state state_locked(const struct sigtimer *st)
{
	struct sigtimer_state state = {.interval = st->interval};
	uint64_t now = clock_now();

	if (st->deadline)
		state.left = st->deadline > now ? st->deadline - now : 1;
	return state;
}

void sigtimer_get(struct sigtimer *st, struct sigtimer_state *out)
{
	ASSERT(mutex_is_held(&sigtimer_mutex));
	*out = state_locked(st);
}

/* Neither the tick nor the thread has anything to do with it any more. */
static void disarm(struct sigtimer *st)
{
	uint32_t flags;

	timer_cancel(&st->timer);
	flags = spin_lock_irq(&due_lock);
	list_remove(&st->link);
	spin_unlock_irq(&due_lock, flags);
}

void sigtimer_set(struct sigtimer *st, uint64_t deadline, uint64_t interval, bool wall,
		  struct sigtimer_state *old)
{
	ASSERT(mutex_is_held(&sigtimer_mutex));
	disarm(st);
	list_remove(&st->wall_link);
	if (old)
		*old = state_locked(st);
	st->deadline = deadline;
	st->interval = interval;
	if (!deadline)
		return;
	if (wall)
		list_add_tail(&wall_timers, &st->wall_link);
	timer_start(&st->timer, deadline);
}

void sigtimer_wall_moved(int64_t by)
{
	struct sigtimer *st;

	mutex_lock(&sigtimer_mutex);
	list_for_each_entry(st, &wall_timers, wall_link) {
		int64_t moved = (int64_t)st->deadline - by;

		disarm(st);
		st->deadline = moved > 0 ? (uint64_t)moved : 1;
		timer_start(&st->timer, st->deadline);
	}
	mutex_unlock(&sigtimer_mutex);
}
