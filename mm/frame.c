/*
 * frame.c: the BUSY flag of a frame and those who wait for it.
 *
 * BUSY is a sleeping lock in one bit, because there are too many frames for a real lock each. The
 * sleepers of all frames share a small table of wait queues, chosen by frame number; a wake-up on
 * a shared queue wakes too many, and each looks at its own frame again.
 */

#include "mm/frame.h"

#include "kernel/lib/assert.h"
#include "kernel/sync/waitq.h"

#define WAITQ_BITS 5

static struct waitq busy_waitqs[1 << WAITQ_BITS];

void frame_waitq_init(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(busy_waitqs); i++)
		waitq_init(&busy_waitqs[i]);
}

static struct waitq *busy_waitq(const struct frame *f)
{
	return &busy_waitqs[frame_pfn(f) * 0x9E3779B1u >> (32 - WAITQ_BITS)];
}

static bool busy_take(struct frame *f)
{
	return !(__atomic_fetch_or(&f->flags, FRAME_BUSY, __ATOMIC_SEQ_CST) & FRAME_BUSY);
}

/* Try, and if that fails leave word that somebody waits; then try again, since the owner may have
 * left between the two. */
static bool busy_take_or_announce(struct frame *f)
{
	if (busy_take(f))
		return true;
	frame_set(f, FRAME_WAITERS);
	return busy_take(f);
}

void frame_busy_lock(struct frame *f, enum lock_rank rank)
{
	might_sleep();
	lock_rank_acquire(rank, "frame", LOCK_ORDERED);
	if (!busy_take(f))
		waitq_wait_event(busy_waitq(f), busy_take_or_announce(f), 0);
}

bool frame_busy_trylock(struct frame *f, enum lock_rank rank)
{
	if (!busy_take(f))
		return false;
	lock_rank_acquire(rank, "frame", LOCK_TRIED);
	return true;
}

void frame_busy_unlock(struct frame *f, enum lock_rank rank)
{
	uint16_t old = __atomic_fetch_and(&f->flags, (uint16_t) ~(FRAME_BUSY | FRAME_WAITERS),
					  __ATOMIC_SEQ_CST);

	ASSERT(old & FRAME_BUSY);
	lock_rank_release(rank, "frame");
	if (old & FRAME_WAITERS)
		waitq_wake_all(busy_waitq(f));
}

static bool not_busy_or_announce(struct frame *f)
{
	if (!frame_is(f, FRAME_BUSY))
		return true;
	frame_set(f, FRAME_WAITERS);
	return !frame_is(f, FRAME_BUSY);
}

void frame_wait(struct frame *f)
{
	waitq_wait_event(busy_waitq(f), not_busy_or_announce(f), 0);
}
