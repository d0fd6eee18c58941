/* waitq.c: wait queues and the table poll(2) waits with. */

#include "kernel/sync/waitq.h"

#include "kernel/abi/errno.h"
#include "kernel/sync/poll.h"

void waitq_init(struct waitq *q)
{
	spin_init(&q->lock, "waitq", RANK_WAITQ);
	list_init(&q->waiters);
}

static void add(struct waitq *q, struct waiter *w, bool exclusive)
{
	uint32_t flags;

	w->thread = thread_current();
	w->queue = q;
	w->exclusive = exclusive;
	flags = spin_lock_irq(&q->lock);
	list_add_tail(&q->waiters, &w->link);
	spin_unlock_irq(&q->lock, flags);
}

void waitq_add(struct waitq *q, struct waiter *w)
{
	add(q, w, true);
}

void waitq_remove(struct waiter *w)
{
	uint32_t flags = spin_lock_irq(&w->queue->lock);

	list_remove(&w->link);
	spin_unlock_irq(&w->queue->lock, flags);
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
	if (!pt)
		return;
	if (pt->count == pt->max) {
		pt->error = -ENOMEM;
		return;
	}
	add(q, &pt->waiters[pt->count++], false);
}

void poll_finish(struct poll_table *pt)
{
	while (pt->count > 0)
		waitq_remove(&pt->waiters[--pt->count]);
}
