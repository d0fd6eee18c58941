/*
 * swapper.c: see swapper.h.
 *
 * A process is idle when none of its tasks is on a CPU or could be, and none was for so long. It may wake up
 * while its pages go: they come back by faults, one cluster at a time. A task whose kernel stack goes cannot; it
 * runs when swapin has brought the stack back.
 */

#include "kernel/swapper.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/proc.h"
#include "mm/balance.h"
#include "mm/kstack.h"
#include "mm/vmstat.h"
#include "mm/working_set.h"

#define PERIOD NSEC_PER_SEC

uint32_t vm_swapper_idle_secs = 15; /* Windows' number. */

static bool is_idle(struct proc *p, uint64_t since)
{
	bool idle = true;
	struct task *t;

	spin_lock(&proc_lock);
	list_for_each_entry(t, &p->tasks, proc_link)
		if (!thread_slept_since(&t->thread, since))
			idle = false;
	spin_unlock(&proc_lock);
	return idle;
}

/* The working set of p's memory with a reference; NULL: it has none. */
static struct working_set *working_set_of(struct proc *p)
{
	struct aspace *as = proc_aspace_get(p);
	struct working_set *ws = NULL;

	if (as) {
		rwlock_read_lock(&as->lock);
		ws = working_set_get(as->ws);
		rwlock_read_unlock(&as->lock);
	}
	aspace_put(as);
	return ws;
}

/* A task of p, which lives until it has its stack back; NULL: none can do without. */
static struct thread *take_stack(struct proc *p)
{
	struct thread *found = NULL;
	struct task *t;

	spin_lock(&proc_lock);
	list_for_each_entry(t, &p->tasks, proc_link)
		if (!found && thread_stack_take(&t->thread))
			found = &t->thread;
	spin_unlock(&proc_lock);
	return found;
}

/* As far as swap and memory allow. */
static void swap_stacks_out(struct proc *p)
{
	struct thread *t;
	int err = 0;

	while (!err && (t = take_stack(p)) != NULL) {
		err = kstack_page_out(t);
		thread_stack_set(t, err ? STACK_HERE : STACK_OUT);
	}
}

static void swap_out(struct proc *p)
{
	struct working_set *ws = working_set_of(p);

	swap_stacks_out(p);
	if (ws && atomic_load(&ws->set.pages) > 0 && balance_empty_set(ws) > 0)
		vm_count(VM_SWAPPED_OUT);
	working_set_put(ws);
}

static void look_at_all(uint64_t since)
{
	for (pid_t pid = proc_next_pid(1); pid; pid = proc_next_pid(pid + 1)) {
		struct proc *p = proc_find(pid);

		if (!p)
			continue;
		if (is_idle(p, since))
			swap_out(p);
		proc_put(p);
	}
}

static void swapper(void *arg)
{
	(void)arg;
	thread_current()->frees_memory = true;
	for (;;) {
		uint64_t idle = (uint64_t)atomic_load(&vm_swapper_idle_secs) * NSEC_PER_SEC;

		thread_sleep_prepare(THREAD_SLEEPING);
		thread_sleep(clock_now() + PERIOD);
		thread_sleep_cancel();
		if (clock_now() > idle)
			look_at_all(clock_now() - idle);
	}
}

int swapper_init(void)
{
	return !vm_windows || kproc_create("swapper", swapper, NULL) ? 0 : -ENOMEM;
}
