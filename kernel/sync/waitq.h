/*
 * waitq.h: queues of threads that wait for something to become true.
 *
 *	waiter:	err = waitq_wait_event(&q, ready(x), 0);
 *	waker:	make x ready (under x's lock); waitq_wake_all(&q);
 *
 * The condition is tested after the waiter is on the queue, so no wake-up is lost; it is tested
 * again after each wake-up, so a spurious one does no harm. It may take locks but not sleep: a thread has one
 * place to wait in. Its first test is before all that, for those who need not wait.
 */
#pragma once

#include "kernel/sync/thread.h"

struct waitq {
	struct spinlock lock; /* RANK_WAITQ, interrupts off: handlers wake. */
	struct list waiters;  /* struct waiter.link */
};

#define WAITQ_INIT(qname)                                                                          \
	{                                                                                          \
		.lock = SPINLOCK_INIT(#qname, RANK_WAITQ), .waiters = LIST_INIT((qname).waiters)   \
	}

void waitq_init(struct waitq *q);
void waitq_enter(struct waitq *q);    /* Current thread, which is on none. */
void waitq_leave(void);		      /* Current thread, which is on one. */
void waitq_wake_all(struct waitq *q); /* Any context. */
void waitq_wake_one(struct waitq *q); /* The longest waiting, and who polls. */
static inline bool waitq_active(const struct waitq *q)
{
	return !list_empty(&q->waiters);
}

#define waitq_wait_state(q, cond, sleep_state, deadline)                                           \
	({                                                                                         \
		int err_ = 0;                                                                      \
		might_sleep();                                                                     \
		if (!(cond)) {                                                                     \
			waitq_enter(q);                                                            \
			for (;;) {                                                                 \
				thread_sleep_prepare(sleep_state);                                 \
				if (cond) {                                                        \
					err_ = 0;                                                  \
					break;                                                     \
				}                                                                  \
				if (err_)                                                          \
					break;                                                     \
				err_ = thread_sleep(deadline);                                     \
			}                                                                          \
			thread_sleep_cancel();                                                     \
			waitq_leave();                                                             \
		}                                                                                  \
		err_;                                                                              \
	})

/* Wait until cond; deadline in clock_now() time, 0 for none. 0 or -ETIMEDOUT. */
#define waitq_wait_event(q, cond, deadline) waitq_wait_state(q, cond, THREAD_SLEEPING, deadline)

/* The same, and -EINTR when a signal is pending before cond became true. */
#define waitq_wait_event_interruptible(q, cond, deadline)                                          \
	waitq_wait_state(q, cond, THREAD_SLEEPING_INTERRUPTIBLE, deadline)
