/*
 * sched.c: who runs: the run queue, switching, sleeping and waking.
 *
 * One queue, first come first served, with time slices. The idle thread is on no queue and runs
 * when it is empty. Whom an interrupt wakes (a disk, a timer) runs at once and whom it displaces goes on
 * after it, each with what is left of its slice: only who has used his up goes to the end and gets a
 * new one, so that nobody waits for more than everybody's slice.
 *
 * A switch: schedule() takes sched_lock with interrupts off, decides, and switches with the lock
 * held; the thread that comes in releases it (finish_switch). So nobody sees a thread as switched
 * out before its registers are saved.
 *
 * A sleep: thread_sleep_prepare() sets the state, then the caller looks at its condition, then
 * thread_sleep() gives the CPU away. A wake-up in between sets the state back and the sleep returns
 * at once. A thread preempted in between stays on the run queue whatever its state says: only
 * thread_sleep() means it. Without sched_lock a thread may only change its own state, and only
 * while it runs; a waker changes it with the lock, and only from asleep to RUNNABLE.
 *
 * CPU time: what passed since the last tick or switch is added at the next one, so the sum is
 * exact. Whether it counts as the user's or the kernel's is what the thread's latest tick
 * interrupted: a sample, for the price of nothing on each system call.
 */

#include "arch/x86/clock.h"
#include "arch/x86/mmu.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"

/* Not a ranked spinlock: it is released by another thread than took it. Interrupts are off while
 * held. */
static uint32_t sched_lock_word;
static struct list run_queue = LIST_INIT(run_queue);
static uint32_t run_queue_len;
static struct list stackless = LIST_INIT(stackless); /* AWAITS_STACK, the stack being OUT. */
static struct thread *stack_fetcher;
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
	uint32_t flags = sched_lock();
	uint64_t n = switches;

	sched_unlock(flags);
	return n;
}

void thread_times(const struct thread *t, uint64_t *user_ns, uint64_t *kernel_ns)
{
	uint32_t flags = sched_lock();
	uint64_t running = t->on_cpu ? clock_now() - t->last_ns : 0;

	*user_ns = t->user_ns + (t->tick_saw_user ? running : 0);
	*kernel_ns = t->kernel_ns + (t->tick_saw_user ? 0 : running);
	sched_unlock(flags);
}

uint64_t sched_idle_ns(void)
{
	uint64_t user_ns, kernel_ns;

	thread_times(this_cpu()->idle, &user_ns, &kernel_ns);
	return user_ns + kernel_ns;
}

/* ---- the run queue, locked ---- */

static void enqueue(struct thread *t, bool first)
{
	if (!list_empty(&t->run_link))
		return;
	if (first)
		list_add_head(&run_queue, &t->run_link);
	else
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
	to->on_cpu = true;
	switches++;
	previous = from;
	cpu->current = to;
	if (to->pgdir && to->pgdir != cpu->pgdir)
		mmu_load(to->pgdir);
	context_switch(&from->context, &to->context);
	finish_switch(); /* As the thread that once called switch_to with itself as from. */
}

/* Give the CPU to the next thread. preempted: the current one stays runnable whatever its state
 * says. */
static void reschedule(bool preempted)
{
	uint32_t flags = sched_lock();
	struct cpu *cpu = this_cpu();
	struct thread *t = cpu->current, *next;
	bool goes_on = t != cpu->idle && (preempted || t->state == THREAD_RUNNABLE);

	cpu->need_resched = false;
	if (goes_on && (t->slice == 0 || list_empty(&run_queue)))
		enqueue(t, false);
	next = dequeue(cpu);
	if (goes_on && next != t && t->slice > 0)
		enqueue(t, true);
	if (next->slice == 0)
		next->slice = SLICE_TICKS;
	if (next != t) {
		if (preempted)
			t->switches_forced++;
		else
			t->switches_voluntary++;
		switch_to(cpu, t, next);
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
	ASSERT(thread_current()->preempt_count == 0);
	thread_current()->slice = 0;
	reschedule(true);
}

/* With interrupts off it has to wait for the next way out of an interrupt. */
void preempt_resched(void)
{
	if (irqs_enabled())
		sched_preempt();
}

void sched_preempt(void)
{
	struct cpu *cpu = this_cpu();

	if (cpu->need_resched && cpu->current->preempt_count == 0 && cpu->irq_depth == 0)
		reschedule(true);
}

/* ---- waking ---- */

#define IN(state) (1u << (state))

static void make_runnable(struct thread *t)
{
	struct cpu *cpu = this_cpu();
	bool at_once = cpu->irq_depth > 0 && t->slice > 0;

	t->state = THREAD_RUNNABLE;
	if (!t->on_cpu)
		enqueue(t, at_once);
	if (at_once || cpu->current == cpu->idle)
		cpu->need_resched = true;
}

static void await_stack(struct thread *t)
{
	t->state = THREAD_AWAITS_STACK;
	if (t->stack != STACK_OUT)
		return; /* Whoever has it looks again. */
	list_add_tail(&stackless, &t->run_link);
	if (stack_fetcher->state == THREAD_SLEEPING)
		make_runnable(stack_fetcher);
}

static bool wake_locked(struct thread *t, uint32_t states)
{
	bool was_asleep = states & IN(t->state);

	if (was_asleep && likely(t->stack == STACK_HERE))
		make_runnable(t);
	else if (was_asleep)
		await_stack(t);
	return was_asleep;
}

/* Wake t if it is in one of these states. */
static bool wake_from(struct thread *t, uint32_t states)
{
	uint32_t flags = sched_lock();
	bool was_asleep = wake_locked(t, states);

	sched_unlock(flags);
	return was_asleep;
}

bool thread_wake(struct thread *t)
{
	return wake_from(t, IN(THREAD_SLEEPING) | IN(THREAD_SLEEPING_INTERRUPTIBLE) |
				    IN(THREAD_STOPPED));
}

void thread_interrupt(struct thread *t, bool kill)
{
	atomic_store(&t->signal_pending, true);
	/* A thread that does it to itself looks before it sleeps; a handler may come after it has looked. */
	if (t == thread_current() && this_cpu()->irq_depth == 0 && !kill)
		return;
	wake_from(t, IN(THREAD_SLEEPING_INTERRUPTIBLE) | (kill ? IN(THREAD_STOPPED) : 0));
}

/* ---- stacks that leave memory ---- */

bool thread_stack_take(struct thread *t)
{
	const uint32_t states = IN(THREAD_SLEEPING_INTERRUPTIBLE) | IN(THREAD_STOPPED);
	uint32_t flags = sched_lock();
	bool may = t->is_user && states & IN(t->state) && !t->on_cpu && list_empty(&t->run_link) &&
		   t->stack == STACK_HERE;

	if (may)
		t->stack = STACK_LEAVING;
	sched_unlock(flags);
	return may;
}

void thread_stack_set(struct thread *t, enum stack_place place)
{
	uint32_t flags = sched_lock();

	t->stack = place;
	wake_locked(t, IN(THREAD_AWAITS_STACK));
	sched_unlock(flags);
}

bool thread_stack_awaited(struct list *to)
{
	uint32_t flags = sched_lock();
	struct thread *t, *next;
	bool any = !list_empty(&stackless);

	stack_fetcher = thread_current();
	list_for_each_entry_safe(t, next, &stackless, run_link) {
		list_remove(&t->run_link);
		list_add_tail(to, &t->run_link);
	}
	sched_unlock(flags);
	return any;
}

/* ---- life ---- */

void thread_init(struct thread *t, const char *name)
{
	list_init(&t->run_link);
	t->state = THREAD_SLEEPING;
	t->stack = STACK_HERE;
	t->slice = 0;
	t->preempt_count = 0;
	t->signal_pending = t->on_cpu = t->tick_saw_user = false;
	t->user_ns = t->kernel_ns = 0;
	t->last_ns = clock_now();
	t->switches_voluntary = t->switches_forced = 0;
	t->held.count = 0;
	t->waiter = (struct waiter){.thread = t, .exclusive = true};
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
	/* Preempted between the two it would be off the CPU and dead, but still on
	 * the run queue. */
	irq_disable();
	atomic_store(&thread_current()->state, THREAD_DEAD);
	schedule();
	panic("thread %s runs after its death", thread_current()->name);
}

bool thread_is_off_cpu(const struct thread *t)
{
	uint32_t flags = sched_lock(); /* Held throughout a switch. */
	bool off = t->state == THREAD_DEAD && !t->on_cpu;

	sched_unlock(flags);
	return off;
}

bool thread_slept_since(const struct thread *t, uint64_t ns)
{
	uint32_t flags = sched_lock();
	bool slept = t->state != THREAD_RUNNABLE && !t->on_cpu && t->last_ns <= ns;

	sched_unlock(flags);
	return slept;
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
