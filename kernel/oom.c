/*
 * oom.c: when a page fault cannot have a frame and reclaim finds none, one process is killed: oom_score.h says
 * which.
 *
 * A fault may come from inside a system call that holds locks, so it does not kill by itself: it
 * wakes the oom thread and waits for it to have done something. The thread says in the log who holds
 * what, kills the process with the highest score and everybody who shares its memory, and gives them
 * VICTIM_TIME to get out. Who does not (it may wait for a lock that a waiting fault holds) is
 * left to die, and the next one is chosen: in the end that is the holder of the lock.
 *
 * Nobody waits who is to die: a fault of a killed process gives up at once, and what the kernel
 * allocates for it on its way out may come from the last frames.
 */

#include "kernel/oom.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/oom_score.h"
#include "kernel/signal.h"
#include "mm/oom.h"
#include "mm/pmm.h"
#include "mm/vmstat.h"

#define VICTIM_TIME NSEC_PER_SEC
#define RETRY_TIME (NSEC_PER_SEC / 20) /* Between two looks whether there is memory again. */

uint32_t vm_panic_on_oom, vm_oom_kill_allocating_task;

static struct waitq requests = WAITQ_INIT(requests), answers = WAITQ_INIT(answers);
static bool requested;	/* Atomic. */
static uint32_t rounds; /* Atomic: answers given. */
static pid_t asker;	/* Atomic: who could not have a frame last. */

/* ---- killing ---- */

/* Whoever may take the last frames needs to wait for nobody on its way out. */
static void victim_mark(struct proc *p)
{
	struct task *t;

	spin_lock(&proc_lock);
	p->oom_victim = true;
	list_for_each_entry(t, &p->tasks, proc_link)
		t->thread.is_victim = true;
	spin_unlock(&proc_lock);
}

/* Memory is freed when the last of those who share it is gone. */
static void kill_sharers(const struct aspace *as)
{
	for (pid_t pid = proc_next_pid(1); pid; pid = proc_next_pid(pid + 1)) {
		struct proc *p = proc_find(pid);

		if (p && p != proc_init && p->aspace == as) {
			victim_mark(p);
			signal_send_proc(p, SIGKILL, NULL);
		}
		proc_put(p);
	}
}

static void nap(void)
{
	thread_sleep_prepare(THREAD_SLEEPING);
	thread_sleep(clock_now() + RETRY_TIME);
	thread_sleep_cancel();
}

static bool memory_is_back(void)
{
	return frame_free_count() > pmm_watermarks.low;
}

/* Who is to die; NULL: nobody can. */
static const struct oom_holder *choose(const struct oom_table *t)
{
	for (uint32_t i = 0; vm_oom_kill_allocating_task && i < t->count; i++)
		if (t->top[i].pid == asker)
			return &t->top[i];
	return t->count ? &t->top[0] : NULL;
}

/* Kill one process and see its memory go: the reference held here is the last, unless somebody cannot get
 * out, so the memory is free when this returns. False: there was none to kill. */
static bool kill_one(void)
{
	static struct oom_table table; /* One thread fills it. */
	uint64_t deadline = clock_now() + VICTIM_TIME;
	const struct oom_holder *h;
	struct aspace *as;
	struct proc *p;

	oom_table_fill(&table);
	h = choose(&table);
	p = h ? proc_find(h->pid) : NULL;
	if (!p)
		return h != NULL;
	oom_table_log(&table);
	if (vm_panic_on_oom)
		panic("out of memory, and vm.panic_on_oom is set");
	log("oom: killing %s, pid %d, whose score is %d pages\n", h->name, h->pid, h->score);
	vm_count(VM_OOM_KILL);
	as = proc_aspace_get(p);
	if (as)
		kill_sharers(as);
	while (as && atomic_load(&as->refs) > 1 && clock_now() < deadline && !memory_is_back())
		nap();
	aspace_put(as);
	proc_put(p);
	return true;
}

static bool take_request(void)
{
	return atomic_xchg(&requested, false);
}

static void oom_main(void *arg)
{
	(void)arg;
	thread_current()->frees_memory = true;
	for (;;) {
		waitq_wait_event(&requests, take_request(), 0);
		if (!memory_is_back() && !kill_one())
			nap(); /* All who may die are dying. */
		atomic_inc(&rounds);
		waitq_wake_all(&answers);
	}
}

/* For mm/oom.h: called by a fault that found no frame. */
static bool oom_request(void)
{
	uint32_t round = atomic_load(&rounds);

	if (!thread_current()->is_user)
		return true;
	if (signal_fatal_pending())
		return false;
	atomic_store(&asker, proc_current()->pid);
	atomic_store(&requested, true);
	waitq_wake_all(&requests);
	/* A pending signal that is not fatal would end an interruptible wait at once, and the
	 * fault would spin: so a short one that nothing ends but the answer comes first. */
	if (waitq_wait_event(&answers, atomic_load(&rounds) != round, clock_now() + RETRY_TIME) !=
	    0)
		waitq_wait_event_interruptible(&answers, atomic_load(&rounds) != round,
					       clock_now() + VICTIM_TIME);
	return !signal_fatal_pending();
}

int oom_init(void)
{
	if (!kproc_create("oom", oom_main, NULL))
		return -ENOMEM;
	oom_set_killer(oom_request);
	return 0;
}
