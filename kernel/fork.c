/*
 * fork.c: fork, vfork and clone.
 *
 * clone makes either a new process (with memory that is a copy, or the same with CLONE_VM) or, with
 * CLONE_THREAD, a new task of the calling process. Threads share everything a struct proc holds, so
 * CLONE_THREAD needs the flags that say so, as every pthread library gives them.
 *
 * All that can fail is done on objects nobody knows; then the child is entered in the tree, under
 * proc_lock, and from there on nothing fails.
 *
 *	proc_clone -> clone_process | clone_thread -> task_copy -> enter -> start
 */

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/sched.h"
#include "kernel/cred.h"
#include "kernel/exec.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "kernel/rlimit.h"
#include "kernel/signal.h"
#include "kernel/tls.h"
#include "mm/vmtrace.h"

#define CLONE_NEEDS_NAMESPACES                                                                     \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)
#define CLONE_OF_THREADS (CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_FILES)

/* 0 or -EINVAL; see clone(2), ERRORS. Handlers belong to the process here, so only its own tasks share
 * them: processes that do, without being threads of one, were last seen in LinuxThreads. */
static int check_flags(const struct clone *c)
{
	uint32_t flags = c->flags;

	if (flags & (CLONE_NEEDS_NAMESPACES | CLONE_PIDFD))
		return -EINVAL;
	if (flags & CLONE_THREAD)
		return (flags & CLONE_OF_THREADS) == CLONE_OF_THREADS && !c->clear_handlers
			       ? 0
			       : -EINVAL;
	if (flags & CLONE_SIGHAND)
		return -EINVAL;
	if (c->exit_signal > NSIG)
		return -EINVAL;
	if ((flags & CLONE_PARENT) && proc_current() == proc_init)
		return -EINVAL;
	return 0;
}

/* ---- the task ---- */

/* The first thing a new task does, in its own memory. A bad address is nobody's loss: Linux
 * ignores it. */
static void task_first(void)
{
	struct task *t = task_current();

	sched_first_run();
	if (t->set_child_tid)
		(void)!put_user_u32((void __user *)t->set_child_tid, (uint32_t)t->tid);
}

/* Where the child will go on in user mode: where the parent is, with 0 as the result. */
static void set_frame(struct task *t, const struct clone *c)
{
	struct trapframe tf = *task_frame(task_current());

	tf.eax = 0;
	if (c->sp)
		tf.esp = c->sp;
	context_init_user(&t->thread.context, t->thread.kstack + KSTACK_SIZE, &tf, task_first);
}

/* A task of p like the current one. 0 and *out, or -errno. */
static int task_copy(struct proc *p, const struct clone *c, struct task **out)
{
	struct task *parent = task_current();
	struct task *t = task_alloc(p, parent->thread.name);
	int err = 0;

	if (!t)
		return -EAGAIN;
	fpu_save(t->thread.context.fpu);
	set_frame(t, c);
	memcpy(t->thread.context.tls, parent->thread.context.tls, sizeof(t->thread.context.tls));
	if (c->flags & CLONE_SETTLS)
		err = tls_set_user(&t->thread.context, c->tls);
	if (err) {
		task_discard(t);
		return err;
	}
	t->thread.aspace = p->aspace;
	t->thread.pgdir = p->aspace->pgdir_phys;
	t->blocked = parent->blocked;
	if (!(c->flags & CLONE_VM) || c->flags & CLONE_VFORK) {
		t->altstack_sp = parent->altstack_sp;
		t->altstack_size = parent->altstack_size;
		t->altstack_flags = parent->altstack_flags;
	}
	if (c->flags & CLONE_CHILD_SETTID)
		t->set_child_tid = c->ctid;
	if (c->flags & CLONE_CHILD_CLEARTID)
		t->clear_child_tid = c->ctid;
	*out = t;
	return 0;
}

/* ---- the process ---- */

static int share_or_copy_files(struct proc *p, const struct proc *parent, uint32_t flags)
{
	p->fs = flags & CLONE_FS ? fs_context_get(parent->fs) : fs_context_fork(parent->fs);
	if (!p->fs)
		return -ENOMEM;
	p->files = flags & CLONE_FILES ? fdtable_get(parent->files) : fdtable_fork(parent->files);
	return p->files ? 0 : -ENOMEM;
}

static int share_or_copy_memory(struct proc *p, const struct proc *parent, uint32_t flags)
{
	p->aspace = flags & CLONE_VM ? aspace_get(parent->aspace) : aspace_fork(parent->aspace);
	return p->aspace ? 0 : -ENOMEM;
}

/* Settings that are plain values. */
static void copy_settings(struct proc *p, const struct proc *parent)
{
	memcpy(p->comm, parent->comm, sizeof(p->comm));
	rlimit_fork(p, parent);
	cred_fork(p, parent);
	p->personality = parent->personality;
	p->nice = parent->nice;
	p->oom_score_adj = parent->oom_score_adj;
	p->oom_score_adj_min = parent->oom_score_adj_min;
	p->dumpable = parent->dumpable;
	p->start_ns = clock_now();
	signal_fork(p, parent);
}

/* Undo what clone_process did so far to a process nobody knows. */
static void proc_discard(struct proc *p)
{
	aspace_put(p->aspace);
	if (p->files)
		fdtable_put(p->files);
	if (p->fs)
		fs_context_put(p->fs);
	exec_release_exe(p->exe);
	proc_put(p);
}

static int proc_copy(const struct clone *c, struct proc **out)
{
	struct proc *parent = proc_current(), *p = proc_alloc();
	int err;

	if (!p)
		return -ENOMEM;
	p->exe = exec_share_exe(parent->exe);
	copy_settings(p, parent);
	p->exit_signal = (int)c->exit_signal;
	if (c->clear_handlers)
		signal_clear_handlers(p);
	err = share_or_copy_files(p, parent, c->flags);
	if (!err)
		err = share_or_copy_memory(p, parent, c->flags);
	if (err) {
		proc_discard(p);
		return err;
	}
	*out = p;
	return 0;
}

/* ---- entering the tree ---- */

/* May there be one more task? Root is not held to its own limit, as in Linux. */
static int check_limits_locked(const struct proc *parent)
{
	uint32_t limit = parent->limits[RLIMIT_NPROC].cur;

	if (task_count() >= task_limit())
		return -EAGAIN;
	if (parent->uid != 0 && limit != RLIM_INFINITY &&
	    task_count_of_user_locked(parent->uid) >= limit)
		return -EAGAIN;
	return 0;
}

/* A signal that came before the child is in its group would miss it: take the signal first. */
static int may_enter_locked(struct proc *parent)
{
	if (task_current()->thread.signal_pending)
		return -ERESTARTNOINTR;
	return check_limits_locked(parent);
}

static int enter_process(struct proc *p, struct task *t, uint32_t flags)
{
	struct proc *parent = proc_current();
	int err;

	spin_lock(&proc_lock);
	err = may_enter_locked(parent);
	if (!err && (p->pid = pid_alloc_locked()) == 0)
		err = -EAGAIN;
	if (!err) {
		p->parent = flags & CLONE_PARENT ? parent->parent : parent;
		p->ppid = p->parent->pid;
		if (flags & CLONE_PARENT)
			p->exit_signal = parent->exit_signal;
		p->pgrp = parent->pgrp;
		p->session = parent->session;
		p->tty = parent->tty;
		t->tid = p->pid;
		pid_use_locked(t->tid);
		proc_link_locked(p);
		task_link_locked(t);
	}
	spin_unlock(&proc_lock);
	return err;
}

static int enter_thread(struct proc *p, struct task *t)
{
	int err;

	spin_lock(&proc_lock);
	err = may_enter_locked(p);
	if (!err && (p->group_exit || p->exec_task))
		err = -ERESTARTNOINTR;
	if (!err && (t->tid = pid_alloc_locked()) == 0)
		err = -EAGAIN;
	if (!err)
		task_link_locked(t);
	spin_unlock(&proc_lock);
	return err;
}

/* ---- vfork ---- */

void vfork_release(struct proc *p)
{
	struct waitq *q;

	spin_lock(&proc_lock);
	q = p->vfork_done;
	p->vfork_done = NULL;
	if (q)
		waitq_wake_all(q); /* Under the lock: a parent that lent its memory is there. */
	spin_unlock(&proc_lock);
}

static bool vfork_is_done(struct proc *p)
{
	bool done;

	spin_lock(&proc_lock);
	done = p->vfork_done == NULL;
	spin_unlock(&proc_lock);
	return done;
}

/*
 * Sleep until the child has left our memory. Only a signal that ends us may interrupt this, for our
 * stack is the child's: all others are blocked meanwhile.
 */
static void vfork_wait(struct proc *child)
{
	struct task *t = task_current();
	uint64_t blocked = t->blocked;

	t->blocked = ~(1ull << (SIGKILL - 1));
	signal_recalc();
	/* Stops and timers wait, as signals do. Clear, then look: no death is missed. */
	while (waitq_wait_event_interruptible(&t->proc->child_wait, vfork_is_done(child), 0) != 0) {
		(void)atomic_xchg(&t->thread.signal_pending, false);
		if (signal_fatal_pending())
			break;
	}
	vfork_release(child); /* We may be leaving early, and our queue with us. */
	t->blocked = blocked;
	signal_recalc();
}

/* ---- the calls ---- */

static void start(struct task *t, const struct clone *c)
{
	if (c->flags & CLONE_PARENT_SETTID)
		(void)!put_user_u32((void __user *)c->ptid, (uint32_t)t->tid);
	usage_forked();
	vmtrace(VMTRACE_FORK, thread_current()->aspace, (uint32_t)t->tid,
		(c->flags & CLONE_THREAD) != 0, 0, (uint32_t)t->thread.aspace->id);
	thread_wake(&t->thread);
}

static pid_t clone_thread(const struct clone *c)
{
	struct task *t;
	pid_t tid;
	int err = task_copy(proc_current(), c, &t);

	if (err)
		return err;
	err = enter_thread(t->proc, t);
	if (err) {
		task_discard(t);
		return err;
	}
	tid = t->tid;
	start(t, c);
	return tid;
}

static pid_t clone_process(const struct clone *c)
{
	struct proc *p;
	struct task *t;
	pid_t pid;
	int err = proc_copy(c, &p);

	if (err)
		return err;
	if (c->flags & CLONE_VFORK)
		p->vfork_done = &proc_current()->child_wait;
	err = task_copy(p, c, &t);
	if (!err) {
		err = enter_process(p, t, c->flags);
		if (err)
			task_discard(t);
	}
	if (err) {
		proc_discard(p);
		return err;
	}
	proc_get(p); /* It may end, and be waited for by another task, at any time from now on. */
	pid = p->pid;
	start(t, c);
	if (c->flags & CLONE_VFORK)
		vfork_wait(p);
	proc_put(p);
	return pid;
}

pid_t proc_clone(const struct clone *c)
{
	int err = check_flags(c);

	if (err)
		return err;
	return c->flags & CLONE_THREAD ? clone_thread(c) : clone_process(c);
}
