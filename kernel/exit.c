/*
 * exit.c: how tasks and processes end.
 *
 * A task leaves its process; the last one takes the process with it, in this order: memory (a
 * vforking parent goes on), files, terminal, children (to init), and at last the process is a
 * zombie, which its parent frees by waiting, or the reaper thread when the parent does not care.
 *
 *	task_exit -> exit_thread
 *		  | exit_process -> exit_memory, exit_files, exit_children, exit_notify
 *
 * The zombie keeps its last task, because that still stands on its stack: whoever frees the process
 * waits until it does not.
 */

#include "arch/x86/clock.h"
#include "arch/x86/mmu.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/wait.h"
#include "kernel/exec.h"
#include "kernel/futex.h"
#include "kernel/itimer.h"
#include "kernel/jobctl.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/string.h"
#include "kernel/posix_timer.h"
#include "kernel/proc_internal.h"
#include "kernel/signal.h"
#include "kernel/usage.h"
#include "mm/check.h"
#include "mm/vmtrace.h"

/* ---- memory ---- */

void task_release_user(struct task *t)
{
	struct aspace *as = t->thread.aspace;
	uint32_t tid_user = t->clear_child_tid;

	futex_exit_robust(t);
	t->clear_child_tid = 0;
	if (!tid_user || (t->proc->task_count == 1 && atomic_load(&as->refs) == 1))
		return; /* Nobody is left who could see it. */
	if (put_user_u32((void __user *)tid_user, 0) == 0)
		futex_wake(tid_user, 1);
}

/* The current thread goes on without user memory. */
static void leave_memory(void)
{
	struct thread *t = thread_current();

	preempt_disable();
	t->aspace = NULL;
	t->pgdir = 0;
	mmu_load(mmu_kernel_pgdir());
	preempt_enable();
}

static void exit_memory(struct proc *p)
{
	struct aspace *as = p->aspace;

	proc_usage_take_aspace(p, as);
	vmtrace(VMTRACE_EXIT, as, 0, 0, 0, (uint32_t)p->exit_code);
	leave_memory();
	spin_lock(&proc_lock);
	p->aspace = NULL;
	spin_unlock(&proc_lock);
	aspace_put(as);
	vfork_release(p);
}

/* ---- files ---- */

static void exit_files(struct proc *p)
{
	struct fdtable *files = p->files;
	struct fs_context *fs = p->fs;
	struct file *exe = p->exe;

	spin_lock(&proc_lock);
	p->files = NULL;
	p->fs = NULL;
	p->exe = NULL;
	spin_unlock(&proc_lock);
	fdtable_put(files);
	fs_context_put(fs);
	exec_release_exe(exe);
}

/* ---- the family ---- */

static bool group_has_stopped(struct proc *p, void *arg)
{
	pid_t *pgrp = arg;

	if (p->pgrp != *pgrp || p->state != PROC_STOPPED)
		return true;
	*pgrp = 0;
	return false;
}

/* Nobody can continue the stopped processes of an orphaned group any more (POSIX, _exit:
 * consequences). */
static void wake_orphaned_group(pid_t pgrp)
{
	pid_t seen = pgrp;

	proc_each(group_has_stopped, &seen);
	if (seen != 0)
		return;
	signal_send_pgrp(pgrp, SIGHUP, NULL);
	signal_send_pgrp(pgrp, SIGCONT, NULL);
}

/* Would p's group lose its last tie to the rest of the session without p, or without its parent
 * p had? */
static bool orphans_own_group(struct proc *p)
{
	bool orphans;

	spin_lock(&proc_lock);
	orphans = p->parent && p->parent->pgrp != p->pgrp && p->parent->session == p->session &&
		  pgrp_is_orphaned_locked(p->pgrp, p);
	spin_unlock(&proc_lock);
	return orphans;
}

/* Is there nobody who wants to know how children end? */
static bool ignores_children(struct proc *parent)
{
	struct sigaction_k *act = &parent->actions[SIGCHLD - 1];
	uint32_t flags = spin_lock_irq(&parent->sig_lock);
	bool ignores = act->handler == SIG_IGN || act->flags & SA_NOCLDWAIT;

	spin_unlock_irq(&parent->sig_lock, flags);
	return ignores;
}

static void free_unwaited(struct reap *r)
{
	proc_release(container_of(r, struct proc, reap));
}

static void siginfo_of_zombie(const struct proc *p, struct siginfo *info)
{
	int sig = p->exit_code & 0x7F;

	memset(info, 0, sizeof(*info));
	info->signo = p->exit_signal;
	info->code = !sig ? CLD_EXITED : p->exit_code & WCOREFLAG ? CLD_DUMPED : CLD_KILLED;
	info->pid = p->pid;
	info->uid = p->uid;
	info->status = sig ? sig : p->exit_code >> 8 & 0xFF;
	info->utime = (int32_t)ns_to_user_ticks(p->usage.user_ns);
	info->stime = (int32_t)ns_to_user_ticks(p->usage.kernel_ns);
}

/*
 * p is a zombie: tell its parent. When that does not care, p is taken out of the tree and true is
 * returned: the caller has it freed. proc_lock held, so that nobody learns of the end before the
 * signal is there.
 */
static bool notify_parent_locked(struct proc *p)
{
	bool unwaited = p->exit_signal == SIGCHLD && ignores_children(p->parent);
	struct siginfo info;

	siginfo_of_zombie(p, &info);
	if (info.signo)
		signal_send_proc_locked(p->parent, info.signo, &info);
	waitq_wake_all(&p->parent->child_wait);
	if (unwaited)
		proc_unlink_locked(p);
	return unwaited;
}

/* Give one child of p to init. Its reference for the caller, or NULL when p has none left. */
static struct proc *reparent_one(struct proc *p)
{
	struct proc *child = NULL;
	bool unwaited = false;

	spin_lock(&proc_lock);
	if (!list_empty(&p->children)) {
		child = proc_get(list_first(&p->children, struct proc, sibling));
		list_remove(&child->sibling);
		list_add_tail(&proc_init->children, &child->sibling);
		child->parent = proc_init;
		atomic_store(&child->ppid, proc_init->pid);
		child->exit_signal = SIGCHLD;
		if (child->pdeath_signal)
			signal_send_proc_locked(child, child->pdeath_signal, NULL);
		if (child->state == PROC_ZOMBIE)
			unwaited = notify_parent_locked(child);
	}
	spin_unlock(&proc_lock);
	if (unwaited)
		reap_later(&child->reap, free_unwaited);
	return child;
}

static bool orphans_group_of(struct proc *p, struct proc *child)
{
	bool orphans;

	spin_lock(&proc_lock);
	orphans = child->pgrp != p->pgrp && child->session == p->session &&
		  pgrp_is_orphaned_locked(child->pgrp, NULL);
	spin_unlock(&proc_lock);
	return orphans;
}

static void exit_children(struct proc *p)
{
	struct proc *child;

	while ((child = reparent_one(p)) != NULL) {
		if (orphans_group_of(p, child))
			wake_orphaned_group(child->pgrp);
		proc_put(child);
	}
}

/* ---- the end ---- */

static void finish_usage_locked(struct task *t)
{
	proc_usage_add_thread(&t->proc->usage, &t->thread);
	usage_thread_ended_locked(&t->thread);
}

static void exit_notify(struct proc *p, struct task *t)
{
	bool unwaited;

	if (orphans_own_group(p))
		wake_orphaned_group(p->pgrp);
	spin_lock(&proc_lock);
	finish_usage_locked(t);
	task_unlink_locked(t);
	p->last_task = t;
	p->state = PROC_ZOMBIE;
	unwaited = notify_parent_locked(p);
	spin_unlock(&proc_lock);
	if (unwaited)
		reap_later(&p->reap, free_unwaited);
}

/* The vmcheck=exit option: after each process, is everything it had given back? */
static void check_memory(const struct proc *p)
{
	static enum { UNKNOWN, NO, YES } wanted;
	char value[8];

	if (wanted == UNKNOWN)
		wanted = cmdline_get("vmcheck", value, sizeof(value)) && strcmp(value, "exit") == 0
				 ? YES
				 : NO;
	if (wanted == YES && vm_check() != 0)
		panic("vmcheck: memory differs after the exit of %s, pid %d", p->comm, p->pid);
}

static __noreturn void exit_process(struct proc *p, struct task *t)
{
	if (p == proc_init)
		panic("init ended with status %x", p->exit_code);
	/* The others are through with what we are about to give back. */
	waitq_wait_event(&p->task_wait, atomic_load(&p->task_count) == 1, 0);
	itimer_exit(p);
	posix_timers_exit(p);
	exit_memory(p);
	exit_files(p);
	check_memory(p);
	jobctl_exit(p);
	exit_children(p);
	exit_notify(p, t);
	thread_exit();
}

static void free_task(struct reap *r)
{
	task_free(container_of(r, struct task, reap));
}

/* One of several: the others go on. */
static __noreturn void exit_thread(struct task *t)
{
	leave_memory();
	spin_lock(&proc_lock);
	finish_usage_locked(t);
	task_unlink_locked(t);
	waitq_wake_all(&t->proc->task_wait);
	spin_unlock(&proc_lock);
	reap_later(&t->reap, free_task);
	thread_exit();
}

void task_exit(int wait_status)
{
	struct task *t = task_current();
	struct proc *p = t->proc;
	bool last;

	signal_task_leaves(t);
	task_release_user(t);
	spin_lock(&proc_lock);
	if (!p->group_exit && t->tid == p->pid)
		p->exit_code = wait_status;
	last = --p->tasks_staying == 0;
	spin_unlock(&proc_lock);
	if (last)
		exit_process(p, t);
	exit_thread(t);
}

void proc_exit_group(int wait_status)
{
	struct task *me = task_current(), *t;
	struct proc *p = me->proc;

	spin_lock(&proc_lock);
	if (!p->group_exit && (!p->exec_task || p->exec_task == me)) {
		p->group_exit = true;
		p->exit_code = wait_status;
		list_for_each_entry(t, &p->tasks, proc_link)
			if (t != me)
				thread_interrupt(&t->thread, true);
	}
	spin_unlock(&proc_lock);
	task_exit(wait_status);
}

void proc_release(struct proc *p)
{
	task_free(p->last_task);
	proc_put(p);
}
