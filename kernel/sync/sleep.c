/*
 * sleep.c: going to sleep; sched.c wakes. What others look at while a thread sleeps, its timer and its place in a
 * wait queue, is in struct thread and not on the stack.
 */

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/sync/thread.h"

/* The exchange is a full barrier: what the caller looks at next is read after the state is seen. */
void thread_sleep_prepare(enum thread_state state)
{
	struct thread *t = thread_current();

	t->interruptible = state == THREAD_SLEEPING_INTERRUPTIBLE;
	(void)atomic_xchg(&t->state, state);
}

void thread_sleep_cancel(void)
{
	atomic_store(&thread_current()->state, THREAD_RUNNABLE);
}

static void sleep_expired(struct timer *timer)
{
	struct thread *t = container_of(timer, struct thread, alarm);

	t->overslept = thread_wake(t);
}

static void sleep_until(struct thread *t, uint64_t deadline)
{
	timer_init(&t->alarm, sleep_expired);
	timer_start(&t->alarm, deadline);
	schedule();
	timer_cancel(&t->alarm);
}

int thread_sleep(uint64_t deadline)
{
	struct thread *t = thread_current();

	if (t->interruptible && atomic_load(&t->signal_pending)) {
		thread_sleep_cancel();
		return -EINTR;
	}
	if (atomic_load(&t->state) == THREAD_RUNNABLE)
		return 0;
	if (deadline && clock_now() >= deadline) {
		thread_sleep_cancel();
		return -ETIMEDOUT;
	}
	t->wchan = (uint32_t)__builtin_return_address(0);
	t->overslept = false;
	if (deadline)
		sleep_until(t, deadline);
	else
		schedule();
	if (t->interruptible && atomic_load(&t->signal_pending))
		return -EINTR;
	return t->overslept ? -ETIMEDOUT : 0;
}
