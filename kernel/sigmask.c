/*
 * sigmask.c: a task's mask, and what becomes of signals over fork, exec and exit.
 *
 * thread.signal_pending says that the way to user mode has something to do: a signal to take, a stop, an
 * end. Whoever gives it something sets the flag after; signal_recalc() clears it first and then looks,
 * so nothing that comes in between is missed.
 */

#include "kernel/itimer.h"
#include "kernel/lib/string.h"
#include "kernel/posix_timer.h"
#include "kernel/signal_internal.h"

static uint64_t takeable(const struct task *t)
{
	return (t->pending.set | t->proc->pending.set) & ~t->blocked;
}

static void recalc(struct task *t)
{
	struct proc *p = t->proc;

	(void)atomic_xchg(&t->thread.signal_pending, false);
	if (takeable(t) || task_should_end(t) || atomic_load(&p->state) == PROC_STOPPED ||
	    atomic_load(&p->cpu_expired))
		atomic_store(&t->thread.signal_pending, true);
}

void signal_recalc(void)
{
	recalc(task_current());
}

/* The signals of set are pending for all, and the current task has blocked them. */
static void leave_to_others(struct proc *p, uint64_t set)
{
	uint32_t flags;

	spin_lock(&proc_lock);
	flags = spin_lock_irq(&p->sig_lock);
	signal_retarget_locked(p, set);
	spin_unlock_irq(&p->sig_lock, flags);
	spin_unlock(&proc_lock);
}

void signal_set_blocked(uint64_t mask)
{
	struct task *t = task_current();
	struct proc *p = t->proc;
	uint64_t left;
	uint32_t flags;

	mask &= ~SIGNALS_UNBLOCKABLE;
	flags = spin_lock_irq(&p->sig_lock);
	t->blocked = mask;
	left = p->pending.set & mask;
	spin_unlock_irq(&p->sig_lock, flags);
	if (left && p->task_count > 1)
		leave_to_others(p, left);
	recalc(t);
}

void signal_begin_temporary(uint64_t mask)
{
	struct task *t = task_current();

	t->saved_blocked = t->blocked;
	t->restore_blocked = true;
	signal_set_blocked(mask);
}

void signal_end_temporary(bool interrupted)
{
	struct task *t = task_current();

	if (interrupted || !t->restore_blocked)
		return; /* signal_deliver() does it, after the handler's frame is made. */
	t->restore_blocked = false;
	signal_set_blocked(t->saved_blocked);
}

bool signal_fatal_pending(void)
{
	struct task *t = task_current();
	uint64_t set = takeable(t) & ~(SIGNALS_IGNORED | SIGNALS_STOP);

	if (task_should_end(t) || set & SIGBIT(SIGKILL))
		return true;
	for (int sig = 1; set; sig++, set >>= 1)
		if (set & 1 && t->proc->actions[sig - 1].handler == SIG_DFL)
			return true;
	return false;
}

/* ---- life ---- */

void signal_init_proc(struct proc *p)
{
	spin_init(&p->sig_lock, "signals", RANK_LEAF);
	sigpending_init(&p->pending);
	itimer_init_proc(p);
	posix_timers_init_proc(p);
}

void signal_init_task(struct task *t)
{
	sigpending_init(&t->pending);
	list_init(&t->fault_entry.link);
	t->fault_entry.embedded = true;
}

void signal_fork(struct proc *child, const struct proc *parent)
{
	struct spinlock *lock = &proc_current()->sig_lock;
	uint32_t flags = spin_lock_irq(lock);

	memcpy(child->actions, parent->actions, sizeof(child->actions));
	spin_unlock_irq(lock, flags);
}

void signal_clear_handlers(struct proc *p)
{
	uint32_t flags = spin_lock_irq(&p->sig_lock);

	for (int i = 0; i < NSIG; i++) {
		uint32_t handler = p->actions[i].handler;

		p->actions[i] =
			(struct sigaction_k){.handler = handler == SIG_IGN ? SIG_IGN : SIG_DFL};
	}
	spin_unlock_irq(&p->sig_lock, flags);
}

void signal_exec(struct proc *p)
{
	struct task *t = task_current();

	posix_timers_exit(p);
	signal_clear_handlers(p);
	t->altstack_sp = t->altstack_size = t->altstack_flags = 0;
}

void signal_task_leaves(struct task *t)
{
	struct list out = LIST_INIT(out);
	struct proc *p = t->proc;
	uint32_t flags;

	spin_lock(&proc_lock);
	flags = spin_lock_irq(&p->sig_lock);
	t->leaving = true;
	/* Now, while timers whose entries are queued here can still find them. */
	sigpending_discard(&t->pending, UINT64_MAX, &out);
	signal_retarget_locked(p, ~t->blocked);
	spin_unlock_irq(&p->sig_lock, flags);
	sigqueue_free_all(&out);
	stop_check_locked(p);
	spin_unlock(&proc_lock);
}
