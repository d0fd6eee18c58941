/*
 * sched.c: who runs: the run queue, switching, sleeping and waking.
 *
 * One queue, first come first served, with time slices. The idle thread is on no queue and runs when
 * it is empty.
 *
 * A switch: schedule() takes sched_lock with interrupts off, decides, and switches with the lock
 * held; the thread that comes in releases it (finish_switch). So nobody sees a thread as switched out
 * before its registers are saved.
 *
 * A sleep: thread_sleep_prepare() sets the state, then the caller looks at its condition, then thread_sleep()
 * gives the CPU away. A wake-up in between sets the state back and the sleep returns at once. A thread
 * preempted in between stays on the run queue whatever its state says: only thread_sleep() means it.
 */

#include "arch/x86/clock.h"
#include "arch/x86/mmu.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"
#include "kernel/sync/timer.h"

/* Not a ranked spinlock: it is released by another thread than took it. Interrupts are off while held. */
static uint32_t sched_lock_word;
static struct list run_queue = LIST_INIT(run_queue);
static uint32_t run_queue_len;
static struct thread *previous; /* Whom the thread coming in replaces; under the lock. */
static uint64_t switches;
static bool (*idle_work)(void);

static uint32_t sched_lock(void)
{
	uint32_t flags = irq_save();

	while (atomic_xchg(&sched_lock_word, 1))
		cpu_relax();
	return flags;
}

static void sched_unlock(uint32_t flags)
{
	atomic_store(&sched_lock_word, 0);
	irq_restore(flags);
}

/* ---- accounting ---- */

static void account(struct thread *t, uint64_t now)
{
	uint64_t used = now - t->last_ns;

	if (t->tick_saw_user)
		t->user_ns += used;
	else
		t->kernel_ns += used;
	t->last_ns = now;
}

void sched_tick(bool from_user)
{
	struct cpu *cpu = this_cpu();
	struct thread *t = cpu->current;

	t->tick_saw_user = from_user;
	account(t, clock_now());
	if (t == cpu->idle) {
		if (run_queue_len > 0)
			cpu->need_resched = true;
	} else if (t->slice > 0 && --t->slice == 0) {
		cpu->need_resched = true;
	}
}

uint32_t sched_runnable(void)
{
	uint32_t running = this_cpu()->current != this_cpu()->idle;

	return run_queue_len + running;
}

uint64_t sched_switches(void)
{
	return switches;
}

uint64_t sched_idle_ns(void)
{
	struct thread *idle = this_cpu()->idle;

	return idle->kernel_ns + idle->user_ns;
}

/* ---- the run queue, locked ---- */

static void enqueue(struct thread *t)
{
	if (!list_empty(&t->run_link))
		return;
	list_add_tail(&run_queue, &t->run_link);
	run_queue_len++;
}

static struct thread *dequeue(struct cpu *cpu)
{
	struct thread *t;

	if (list_empty(&run_queue))
		return cpu->idle;
	t = list_first(&run_queue, struct thread, run_link);
	list_remove(&t->run_link);
	run_queue_len--;
	return t;
}

/* ---- switching ---- */

static void finish_switch(void)
{
	previous->on_cpu = false;
	previous = NULL;
}

static void switch_to(struct cpu *cpu, struct thread *from, struct thread *to)
{
	uint64_t now = clock_now();

	account(from, now);
	to->last_ns = now;
	to->slice = SLICE_TICKS;
	to->on_cpu = true;
	switches++;
	previous = from;
	cpu->current = to;
	if (to->pgdir && to->pgdir != cpu->pgdir)
		mmu_load(to->pgdir);
	context_switch(&from->context, &to->context);
	finish_switch(); /* Back here, as the thread that once called switch_to with itself as from. */
}

/* Give the CPU to the next thread. preempted: the current one stays runnable whatever its state says. */
static void reschedule(bool preempted)
{
	uint32_t flags = sched_lock();
	struct cpu *cpu = this_cpu();
	struct thread *t = cpu->current, *next;

	cpu->need_resched = false;
	if (t != cpu->idle && (preempted || t->state == THREAD_RUNNABLE))
		enqueue(t);
	next = dequeue(cpu);
	if (next != t) {
		if (preempted)
			t->switches_forced++;
		else
			t->switches_voluntary++;
		switch_to(cpu, t, next);
	} else {
		t->slice = SLICE_TICKS;
	}
	sched_unlock(flags);
}

void sched_first_run(void)
{
	finish_switch();
	atomic_store(&sched_lock_word, 0);
	irq_enable();
}

void schedule(void)
{
	ASSERT(thread_current()->preempt_count == 0);
	reschedule(false);
}

void thread_yield(void)
{
	reschedule(true);
}

void preempt_disable(void)
{
	struct thread *t = thread_current();

	if (t)
		t->preempt_count++;
	__asm__ volatile("" ::: "memory");
}

void preempt_enable(void)
{
	struct thread *t = thread_current();

	__asm__ volatile("" ::: "memory");
	if (!t)
		return;
	ASSERT(t->preempt_count > 0);
	if (--t->preempt_count == 0 && unlikely(this_cpu()->need_resched) && irqs_enabled())
		sched_preempt();
}

void sched_preempt(void)
{
	struct cpu *cpu = this_cpu();

	if (cpu->need_resched && cpu->current && cpu->current->preempt_count == 0 && cpu->irq_depth == 0)
		reschedule(true);
}

/* ---- sleeping and waking ---- */

bool thread_wake(struct thread *t)
{
	uint32_t flags = sched_lock();
	struct cpu *cpu = this_cpu();
	bool was_asleep = t->state != THREAD_RUNNABLE && t->state != THREAD_DEAD;

	if (was_asleep) {
		t->state = THREAD_RUNNABLE;
		if (!t->on_cpu)
			enqueue(t);
		if (cpu->current == cpu->idle)
			cpu->need_resched = true;
	}
	sched_unlock(flags);
	return was_asleep;
}

void thread_interrupt(struct thread *t, bool kill)
{
	enum thread_state state;

	atomic_store(&t->signal_pending, true);
	state = atomic_load(&t->state);
	if (state == THREAD_SLEEPING_INTERRUPTIBLE || (kill && state == THREAD_STOPPED))
		thread_wake(t);
}

static void set_state(enum thread_state state)
{
	uint32_t flags = sched_lock();

	thread_current()->state = state;
	sched_unlock(flags);
}

void thread_sleep_prepare(enum thread_state state)
{
	set_state(state);
}

void thread_sleep_cancel(void)
{
	set_state(THREAD_RUNNABLE);
}

struct sleep_timer {
	struct timer timer;
	struct thread *thread;
	bool expired;
};

static void sleep_expired(struct timer *timer)
{
	struct sleep_timer *st = container_of(timer, struct sleep_timer, timer);

	atomic_store(&st->expired, true);
	thread_wake(st->thread);
}

static void sleep_until(struct sleep_timer *st, uint64_t deadline)
{
	st->thread = thread_current();
	st->expired = false;
	timer_init(&st->timer, sleep_expired);
	timer_start(&st->timer, deadline);
	schedule();
	timer_cancel(&st->timer);
}

int thread_sleep(uint64_t deadline)
{
	struct thread *t = thread_current();
	bool interruptible = atomic_load(&t->state) == THREAD_SLEEPING_INTERRUPTIBLE;
	struct sleep_timer st = {.expired = false};

	if (interruptible && atomic_load(&t->signal_pending)) {
		thread_sleep_cancel();
		return -EINTR;
	}
	if (deadline && clock_now() >= deadline) {
		thread_sleep_cancel();
		return -ETIMEDOUT;
	}
	if (deadline)
		sleep_until(&st, deadline);
	else
		schedule();
	if (interruptible && atomic_load(&t->signal_pending))
		return -EINTR;
	return atomic_load(&st.expired) ? -ETIMEDOUT : 0;
}

/* ---- life ---- */

void thread_init(struct thread *t, const char *name)
{
	memset(t, 0, sizeof(*t));
	list_init(&t->run_link);
	t->state = THREAD_SLEEPING;
	t->slice = SLICE_TICKS;
	strlcpy(t->name, name, sizeof(t->name));
}

void sched_init(struct thread *boot_thread)
{
	struct cpu *cpu = this_cpu();

	thread_init(boot_thread, "idle");
	boot_thread->state = THREAD_RUNNABLE;
	boot_thread->on_cpu = true;
	cpu->idle = boot_thread;
	cpu->current = boot_thread;
}

void thread_exit(void)
{
	set_state(THREAD_DEAD);
	schedule();
	panic("thread %s runs after its death", thread_current()->name);
}

bool thread_is_off_cpu(const struct thread *t)
{
	return atomic_load(&t->state) == THREAD_DEAD && !atomic_load(&t->on_cpu);
}

void sched_set_idle_work(bool (*work)(void))
{
	idle_work = work;
}

void sched_idle(void)
{
	for (;;) {
		if (idle_work && idle_work())
			continue;
		irq_disable();
		if (this_cpu()->need_resched || run_queue_len > 0) {
			irq_enable();
			schedule();
		} else {
			cpu_idle();
		}
	}
}
