/* waitq.c: wait queues and the table poll(2) waits with. */

#include "kernel/sync/waitq.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/sync/poll.h"

void waitq_init(struct waitq *q)
{
	spin_init(&q->lock, "waitq", RANK_WAITQ);
	list_init(&q->waiters);
}

static void add(struct waitq *q, struct waiter *w)
{
	uint32_t flags = spin_lock_irq(&q->lock);

	w->queue = q;
	list_add_tail(&q->waiters, &w->link);
	spin_unlock_irq(&q->lock, flags);
}

static void leave(struct waiter *w)
{
	uint32_t flags = spin_lock_irq(&w->queue->lock);

	list_remove(&w->link);
	spin_unlock_irq(&w->queue->lock, flags);
}

void waitq_enter(struct waitq *q)
{
	struct waiter *w = &thread_current()->waiter;

	ASSERT(!w->queue);
	add(q, w);
}

void waitq_leave(void)
{
	struct waiter *w = &thread_current()->waiter;

	leave(w);
	w->queue = NULL;
}

void waitq_wake_all(struct waitq *q)
{
	uint32_t flags = spin_lock_irq(&q->lock);
	struct waiter *w;

	list_for_each_entry(w, &q->waiters, link)
		thread_wake(w->thread);
	spin_unlock_irq(&q->lock, flags);
}

void waitq_wake_one(struct waitq *q)
{
	uint32_t flags = spin_lock_irq(&q->lock);
	struct waiter *w;

	list_for_each_entry(w, &q->waiters, link)
		if (thread_wake(w->thread) && w->exclusive)
			break;
	spin_unlock_irq(&q->lock, flags);
}

void poll_wait(struct poll_table *pt, struct waitq *q)
{
	struct waiter *w;

	if (!pt)
		return;
	if (pt->count == pt->max) {
		pt->error = -ENOMEM;
		return;
	}
	w = &pt->waiters[pt->count++];
	*w = (struct waiter){.thread = thread_current(), .exclusive = false};
	add(q, w);
}

void poll_finish(struct poll_table *pt)
{
	while (pt->count > 0)
		leave(&pt->waiters[--pt->count]);
}
