/*
 * wait.c: waiting for children: wait4, waitpid, waitid.
 *
 * A request looks at the caller's children under proc_lock, until one has something to tell, or
 * there is none that ever could. Children are the process's: any of its tasks may wait for them.
 */

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "kernel/syscall.h"
#include "kernel/usage.h"

#define WAIT4_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | WNOTHREAD | WCLONE | WALL)
#define WAITID_EVENTS (WEXITED | WSTOPPED | WCONTINUED)
#define WAITID_OPTIONS (WAITID_EVENTS | WNOHANG | WNOWAIT | WNOTHREAD | WCLONE | WALL)

struct wait {
	int which; /* P_ALL, P_PID, P_PGID */
	pid_t id;
	uint32_t options;
	/* The answer. */
	int error; /* -ECHILD, or 0. */
	pid_t pid; /* 0: nobody has anything to tell. */
	uint32_t uid;
	int status; /* As wait4 gives it. */
	int code;   /* CLD_* */
	struct proc_usage usage;
	struct proc *dead; /* A zombie that is ours to free. */
};

static bool matches(const struct wait *w, const struct proc *child)
{
	bool odd_signal = child->exit_signal != SIGCHLD;

	if (w->which == P_PID && child->pid != w->id)
		return false;
	if (w->which == P_PGID && child->pgrp != w->id)
		return false;
	return w->options & WALL || odd_signal == ((w->options & WCLONE) != 0);
}

static void answer(struct wait *w, struct proc *child, int status, int code)
{
	w->pid = child->pid;
	w->uid = child->uid;
	w->status = status;
	w->code = code;
	w->usage = child->usage;
	proc_usage_add(&w->usage, &child->child_usage);
}

static bool take_zombie(struct wait *w, struct proc *child)
{
	int sig = child->exit_code & 0x7F;

	if (child->state != PROC_ZOMBIE || !(w->options & WEXITED))
		return false;
	answer(w, child, child->exit_code,
	       !sig			      ? CLD_EXITED
	       : child->exit_code & WCOREFLAG ? CLD_DUMPED
					      : CLD_KILLED);
	if (w->options & WNOWAIT)
		return true;
	proc_usage_add(&child->parent->child_usage, &w->usage);
	proc_unlink_locked(child);
	w->dead = child;
	return true;
}

static bool take_stopped(struct wait *w, struct proc *child)
{
	if (!(w->options & WUNTRACED) || child->state != PROC_STOPPED || !child->stop_signal ||
	    child->stop_reported)
		return false;
	answer(w, child, WSTATUS_STOP(child->stop_signal), CLD_STOPPED);
	if (!(w->options & WNOWAIT))
		child->stop_reported = true;
	return true;
}

static bool take_continued(struct wait *w, struct proc *child)
{
	if (!(w->options & WCONTINUED) || !child->continued)
		return false;
	answer(w, child, WSTATUS_CONTINUED, CLD_CONTINUED);
	if (!(w->options & WNOWAIT))
		child->continued = false;
	return true;
}

/* True when w has its answer. */
static bool look(struct wait *w)
{
	struct proc *child;
	bool possible = false, done = false;

	spin_lock(&proc_lock);
	list_for_each_entry(child, &proc_current()->children, sibling) {
		if (!matches(w, child))
			continue;
		possible = true;
		done = take_zombie(w, child) || take_stopped(w, child) || take_continued(w, child);
		if (done)
			break;
	}
	spin_unlock(&proc_lock);
	w->error = possible ? 0 : -ECHILD;
	return done || !possible;
}

/* Wait as w says. 0 with w->pid (0 only with WNOHANG), -ECHILD, -ERESTARTSYS. */
static int wait_child(struct wait *w)
{
	if (!look(w) && !(w->options & WNOHANG) &&
	    waitq_wait_event_interruptible(&proc_current()->child_wait, look(w), 0))
		return -ERESTARTSYS;
	if (w->dead)
		proc_release(w->dead);
	return w->error;
}

static int put_usage(uint32_t usage_user, const struct proc_usage *u)
{
	struct rusage r;

	if (!usage_user)
		return 0;
	usage_to_rusage(u, &r);
	return copy_to_user((void __user *)usage_user, &r, sizeof(r));
}

/* ---- wait4 ---- */

static void select_by_pid(struct wait *w, pid_t pid)
{
	if (pid == -1) {
		w->which = P_ALL;
	} else if (pid > 0) {
		w->which = P_PID;
		w->id = pid;
	} else {
		w->which = P_PGID;
		w->id = pid == 0 ? proc_current()->pgrp : -pid;
	}
}

int32_t sys_wait4(uint32_t pid, uint32_t status_user, uint32_t options, uint32_t usage_user)
{
	struct wait w = {.options = options | WEXITED};
	int err;

	if (options & ~WAIT4_OPTIONS)
		return -EINVAL;
	if ((pid_t)pid == INT32_MIN)
		return -ESRCH;
	select_by_pid(&w, (pid_t)pid);
	err = wait_child(&w);
	if (err || w.pid == 0)
		return err;
	if (status_user && put_user_u32((void __user *)status_user, (uint32_t)w.status))
		return -EFAULT;
	if (put_usage(usage_user, &w.usage))
		return -EFAULT;
	return w.pid;
}

/* ---- waitid ---- */

static int select_by_id(struct wait *w, uint32_t which, pid_t id)
{
	if ((which == P_PID && id <= 0) || (which == P_PGID && id < 0) || which > P_PGID)
		return -EINVAL;
	w->which = (int)which;
	w->id = which == P_PGID && id == 0 ? proc_current()->pgrp : id;
	return 0;
}

static void fill_siginfo(const struct wait *w, struct siginfo *info)
{
	memset(info, 0, sizeof(*info));
	if (w->pid == 0)
		return;
	info->signo = SIGCHLD;
	info->code = w->code;
	info->pid = w->pid;
	info->uid = w->uid;
	switch (w->code) {
	case CLD_EXITED:
	case CLD_STOPPED:
		info->status = w->status >> 8 & 0xFF;
		break;
	case CLD_CONTINUED:
		info->status = SIGCONT;
		break;
	default:
		info->status = w->status & 0x7F;
	}
}

int32_t sys_waitid(uint32_t which, uint32_t id, uint32_t info_user, uint32_t options,
		   uint32_t usage_user)
{
	struct wait w = {.options = options};
	struct siginfo info;
	int err;

	if (options & ~WAITID_OPTIONS || !(options & WAITID_EVENTS))
		return -EINVAL;
	err = select_by_id(&w, which, (pid_t)id);
	if (!err)
		err = wait_child(&w);
	if (err)
		return err;
	if (w.pid && put_usage(usage_user, &w.usage))
		return -EFAULT;
	fill_siginfo(&w, &info);
	/* The rest of the union is left as it was, as Linux leaves it. */
	if (info_user && copy_to_user((void __user *)info_user, &info,
				      offsetof(struct siginfo, status) + sizeof(info.status)))
		return -EFAULT;
	return 0;
}
