/*
 * thread.h: threads and the scheduler. Knows nothing of processes: those embed a struct thread.
 *
 * One run queue, round robin with time slices of SLICE_TICKS; a woken thread goes to its tail, but whom
 * an interrupt wakes before its slice is used up preempts who runs. The kernel is preemptible: on the way out of any
 * interrupt a thread with preempt_count 0 gives way if need_resched is set.
 *
 * States: RUNNABLE (running, or on the run queue), SLEEPING (on a wait queue or a timer),
 * STOPPED (job control), AWAITS_STACK (woken without one), DEAD (never runs again).
 *
 * Locks: sched_lock (unranked, interrupts off) guards state, run_link, slice. The rest belongs to
 * the thread itself unless a field says otherwise.
 */
#pragma once

#include "arch/x86/context.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/list.h"
#include "kernel/sync/lock.h"
#include "kernel/sync/timer.h"

#define SLICE_TICKS 5
#define THREAD_NAME_LEN 16 /* With the NUL: Linux's TASK_COMM_LEN. */

enum thread_state {
	THREAD_RUNNABLE,
	THREAD_SLEEPING,	       /* Until woken. */
	THREAD_SLEEPING_INTERRUPTIBLE, /* Until woken or a signal comes. */
	THREAD_STOPPED,
	THREAD_AWAITS_STACK, /* Woken, but its stack is not in memory. */
	THREAD_DEAD,
};

/* Where a thread's kernel stack is. */
enum stack_place {
	STACK_HERE,
	STACK_LEAVING, /* Somebody takes it out of memory. */
	STACK_OUT,
};

struct aspace;
struct waitq;

/* A place in a wait queue. */
struct waiter {
	struct list link;
	struct thread *thread;
	struct waitq *queue;
	bool exclusive; /* Will take what it waits for; one that polls only looks. */
};

struct thread {
	struct context context;
	uint32_t kstack; /* Lowest mapped address of its kernel stack. */
	enum thread_state state;
	enum stack_place stack; /* sched_lock. */
	struct list run_link;	/* Run queue; AWAITS_STACK: of those who wait for it. */
	uint32_t slice;		/* Ticks left. */
	uint32_t preempt_count; /* > 0: do not preempt. */
	uint32_t wchan;		/* Where it sleeps: the address thread_sleep was called from. */
	struct waiter waiter;	/* Where it waits: waitq_enter(); queue NULL: nowhere. */
	struct timer alarm;	/* Ends its sleep at the deadline. */
	bool overslept;		/* It did. */
	bool signal_pending;	/* Atomic: somebody set a signal; interruptible sleeps end. */
	bool interruptible;	/* How it prepared its latest sleep. Its own. */
	bool is_user;		/* Belongs to a process; false for kernel threads. */
	bool frees_memory;	/* Its work gives memory back: it may take the last frames. */
	bool is_victim;		/* Dies to give memory back: it may take half of them. */
	struct aspace *aspace;	/* User memory it runs in; NULL for kernel threads. */
	uint32_t pgdir;		/* Physical address of aspace's directory; 0: whatever is loaded. */
	uint64_t user_ns, kernel_ns; /* CPU time used: exact in sum, split by what the ticks saw. */
	uint64_t last_ns;	     /* When it was last accounted. */
	bool tick_saw_user;
	bool on_cpu; /* sched_lock. Running, or its registers are not saved yet. */
	uint32_t switches_voluntary, switches_forced;
	int32_t id; /* The task's tid; 0: a kernel thread. */
	char name[THREAD_NAME_LEN];
	struct held_locks held; /* Debug preset. */
};

static inline struct thread *thread_current(void)
{
	return this_cpu()->current;
}

/* Turn the boot flow of control into the idle thread of this CPU: before anything takes a lock. */
void sched_init(struct thread *boot_thread);

/* Fill in the scheduler's part of a thread; context, kstack, aspace, pgdir and is_user are the
 * caller's to set, before or after. It sleeps until thread_wake. */
void thread_init(struct thread *t, const char *name);

/*
 * The first thing a new thread does. A thread is switched to with interrupts off and the run queue
 * locked by whoever switched; this unlocks it and turns interrupts on. arch's first-run stubs do
 * not call it: the entry function given to context_init, or first() of context_init_user, does.
 */
void sched_first_run(void);

/* Has t been asleep without a break since ns, in clock_now() time? */
bool thread_slept_since(const struct thread *t, uint64_t ns);

/* Put a sleeping thread on the run queue. True when it was asleep. Any context. */
bool thread_wake(struct thread *t);

/* Set signal_pending and wake t if its sleep is interruptible (or stopped, when
 * kill). Any context. */
void thread_interrupt(struct thread *t, bool kill);

/*
 * The stack of a user's thread that sleeps so that a signal would wake it, or is stopped, may leave memory: it waits
 * for no device, and what others look at meanwhile is not on its stack. Whoever wakes it then makes it AWAITS_STACK,
 * and wakes the fetcher.
 */

/* May t's stack leave memory? Then it is LEAVING: the caller's, until he says where it is. t lives that long. */
bool thread_stack_take(struct thread *t);

/* t's stack is there now. HERE: t runs when it was woken meanwhile. */
void thread_stack_set(struct thread *t, enum stack_place place);

/* Move the threads that were woken and whose stacks are OUT to the end of list. False: there are none. Who calls it
 * is the fetcher from then on, and woken when there are more. */
bool thread_stack_awaited(struct list *to);

/* Give the CPU away. The caller set its own state before, if it means to sleep. */
void schedule(void);

/* Let others of the same queue run; stays runnable. */
void thread_yield(void);

/*
 * Sleep after the caller declared it by thread_sleep_prepare(state) and then checked its condition
 * once more: a wake-up in between makes this return at once. deadline is in clock_now() time, 0 for
 * none. 0 when woken, -EINTR when interruptible and a signal is pending, -ETIMEDOUT.
 */
void thread_sleep_prepare(enum thread_state state);
int thread_sleep(uint64_t deadline);
void thread_sleep_cancel(void);

/* Never returns; the thread's memory is freed by whoever waits for it (thread_is_off_cpu). */
void thread_exit(void) __noreturn;

/* True when t is dead and no CPU stands on its stack any more. */
bool thread_is_off_cpu(const struct thread *t);

/* CPU time t has used up to now, also while it runs. */
void thread_times(const struct thread *t, uint64_t *user_ns, uint64_t *kernel_ns);

/* Reschedule now if that is possible here: the slow end of preempt_enable(). */
void preempt_resched(void);

/* The count is the thread's own, so no other CPU and no interrupt changes it under us. */
static inline void preempt_disable(void)
{
	thread_current()->preempt_count++;
	__asm__ volatile("" ::: "memory");
}

/* Reschedules when one was asked for meanwhile. */
static inline void preempt_enable(void)
{
	struct thread *t = thread_current();

	__asm__ volatile("" ::: "memory");
	ASSERT(t->preempt_count > 0);
	if (--t->preempt_count == 0 && unlikely(atomic_load(&this_cpu()->need_resched)))
		preempt_resched();
}

/* Timer interrupt: accounts the slice, sets need_resched. */
void sched_tick(bool from_user);

/* On the way out of an interrupt taken in the kernel: preempt if allowed and asked for. */
void sched_preempt(void);

/* Work of the idle loop before it halts, e.g. zeroing frames: true when it did something and wants
 * to be called again. One hook; preemption is on while it runs. */
void sched_set_idle_work(bool (*work)(void));

/* The idle loop itself: the boot thread ends in it. */
void sched_idle(void) __noreturn;

/* Runnable threads including running ones, without idle: for the load average. */
uint32_t sched_runnable(void);
uint64_t sched_switches(void); /* Context switches since boot. */
uint64_t sched_idle_ns(void);  /* Time in the idle threads. */
