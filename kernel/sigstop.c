/*
 * sigstop.c: stopping and continuing a process.
 *
 * A stop begins when a task takes a stop signal: the process is PROC_STOPPED, and every task stands
 * still on its way to user mode, in stop_wait(). The last one to do so completes the stop, and the
 * parent is told. SIGCONT ends it when it is sent, SIGKILL too, and so does an exit.
 *
 * A task that waits for its vfork child has even SIGSTOP blocked. It stands still when it comes back;
 * to interrupt it would let it run on the child's stack.
 *
 * Lock: proc_lock guards it all.
 */

#include "kernel/abi/wait.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "kernel/signal_internal.h"
#include "kernel/usage.h"

static bool parent_wants_signal(struct proc *parent)
{
	const struct sigaction_k *act = &parent->actions[SIGCHLD - 1];
	uint32_t flags = spin_lock_irq(&parent->sig_lock);
	bool wants = act->handler != SIG_IGN && !(act->flags & SA_NOCLDSTOP);

	spin_unlock_irq(&parent->sig_lock, flags);
	return wants;
}

static void tell_parent_locked(struct proc *p, int code, int sig)
{
	struct proc_usage u = p->usage;
	struct siginfo info;
	struct task *t;

	if (!p->parent)
		return;
	list_for_each_entry(t, &p->tasks, proc_link)
		proc_usage_add_thread(&u, &t->thread);
	memset(&info, 0, sizeof(info));
	info.code = code;
	info.pid = p->pid;
	info.uid = p->uid;
	info.status = sig;
	info.utime = (int32_t)ns_to_user_ticks(u.user_ns);
	info.stime = (int32_t)ns_to_user_ticks(u.kernel_ns);
	if (parent_wants_signal(p->parent))
		signal_send_locked(p->parent, NULL, SIGCHLD, &info);
	waitq_wake_all(&p->parent->child_wait);
}

void stop_check_locked(struct proc *p)
{
	struct task *t;

	ASSERT(spin_is_held(&proc_lock));
	if (p->state != PROC_STOPPED || p->stop_signal)
		return;
	list_for_each_entry(t, &p->tasks, proc_link)
		if (!t->stopped && !t->leaving)
			return;
	p->stop_signal = p->stopping_signal;
	p->stop_reported = false;
	p->continued = false;
	tell_parent_locked(p, CLD_STOPPED, p->stop_signal);
}

void stop_begin_locked(struct proc *p, int sig)
{
	struct task *t;

	ASSERT(spin_is_held(&proc_lock));
	if (p->state != PROC_RUNNING || p->group_exit)
		return;
	if (sig != SIGSTOP && pgrp_is_orphaned_locked(p->pgrp, NULL))
		return; /* Nobody could continue it. */
	p->state = PROC_STOPPED;
	p->stopping_signal = sig;
	p->stop_signal = 0;
	list_for_each_entry(t, &p->tasks, proc_link)
		if (!(t->blocked & SIGBIT(SIGSTOP)))
			thread_interrupt(&t->thread, false);
}

void stop_end_locked(struct proc *p, bool continued)
{
	bool was_complete = p->stop_signal != 0;
	struct task *t;

	ASSERT(spin_is_held(&proc_lock));
	if (p->state != PROC_STOPPED)
		return;
	p->state = PROC_RUNNING;
	p->stop_signal = 0;
	list_for_each_entry(t, &p->tasks, proc_link)
		if (t->stopped)
			thread_wake(&t->thread);
	if (continued && was_complete) {
		p->continued = true;
		tell_parent_locked(p, CLD_CONTINUED, SIGCONT);
	}
}

static bool must_stand(const struct task *t)
{
	return t->proc->state == PROC_STOPPED && !task_should_end(t);
}

bool stop_wait(struct task *t)
{
	bool stood = false;

	spin_lock(&proc_lock);
	while (must_stand(t)) {
		stood = t->stopped = true;
		stop_check_locked(t->proc);
		thread_sleep_prepare(THREAD_STOPPED);
		spin_unlock(&proc_lock);
		thread_sleep(0);
		spin_lock(&proc_lock);
	}
	t->stopped = false;
	spin_unlock(&proc_lock);
	return stood;
}
