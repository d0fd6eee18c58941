/*
 * sys_kill.c: the calls that send signals, and who may send to whom (kill(2)).
 *
 * Each looks up, checks and sends under one hold of proc_lock: nobody joins or leaves a group meanwhile.
 */

#include "kernel/syscall.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/signal_internal.h"

/* May the caller send sig to p? 0 or -EPERM. proc_lock held. */
static int check_permission(const struct proc *p, int sig)
{
	const struct proc *me = proc_current();

	if (p == me || me->euid == 0 || me->euid == p->uid || me->euid == p->suid ||
	    me->uid == p->uid || me->uid == p->suid)
		return 0;
	return sig == SIGCONT && p->session == me->session ? 0 : -EPERM;
}

static int send_checked(struct proc *p, struct task *t, int sig, const struct siginfo *info)
{
	int err = check_permission(p, sig);

	return err ? err : signal_send_locked(p, t, sig, info);
}

/* What the receiver of kill and tkill learns. */
static void siginfo_from_caller(struct siginfo *info, int sig, int code)
{
	const struct proc *me = proc_current();

	*info = (struct siginfo){.signo = sig, .code = code, .pid = me->pid, .uid = me->uid};
}

/* ---- processes ---- */

static int send_to_pid(pid_t pid, int sig, const struct siginfo *info)
{
	struct proc *p;
	int err;

	spin_lock(&proc_lock);
	p = proc_find_locked(pid);
	err = p ? send_checked(p, NULL, sig, info) : -ESRCH;
	spin_unlock(&proc_lock);
	return err;
}

struct broadcast {
	pid_t pgrp; /* 0: everybody but init and the caller. */
	int sig;
	const struct siginfo *info;
	uint32_t met, reached;
	int err; /* Of the last that was met and not reached. */
};

static bool broadcast_one(struct proc *p, void *arg)
{
	struct broadcast *b = arg;
	bool is_meant = b->pgrp ? p->pgrp == b->pgrp : p != proc_init && p != proc_current();
	int err;

	if (!is_meant)
		return true;
	b->met++;
	err = send_checked(p, NULL, b->sig, b->info);
	if (err == 0)
		b->reached++;
	else
		b->err = err;
	return true;
}

/* Success when anybody was reached. To everybody, not to be allowed to is no error (Linux). */
static int send_to_many(pid_t pgrp, int sig, const struct siginfo *info)
{
	struct broadcast b = {.pgrp = pgrp, .sig = sig, .info = info};

	proc_each(broadcast_one, &b);
	if (b.met == 0)
		return -ESRCH;
	if (b.reached > 0 || (pgrp == 0 && b.err == -EPERM))
		return 0;
	return b.err;
}

static int send_by_pid(pid_t pid, int sig, const struct siginfo *info)
{
	if (pid > 0)
		return send_to_pid(pid, sig, info);
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid == 0)
		return send_to_many(proc_current()->pgrp, sig, info);
	return send_to_many(pid == -1 ? 0 : -pid, sig, info);
}

int32_t sys_kill(uint32_t pid, uint32_t sig)
{
	struct siginfo info;

	if (sig > NSIG)
		return -EINVAL;
	siginfo_from_caller(&info, (int)sig, SI_USER);
	return send_by_pid((pid_t)pid, (int)sig, &info);
}

/* ---- tasks ---- */

/* pid 0: whatever process tid belongs to. */
static int send_to_tid(pid_t pid, pid_t tid, int sig, const struct siginfo *info)
{
	struct proc *p = proc_find_by_tid(tid);
	struct task *t;
	int err = -ESRCH;

	if (!p)
		return -ESRCH;
	spin_lock(&proc_lock);
	t = proc_task_locked(p, tid);
	if (t && (pid == 0 || p->pid == pid))
		err = send_checked(p, t, sig, info);
	spin_unlock(&proc_lock);
	proc_put(p);
	return err;
}

int32_t sys_tkill(uint32_t tid, uint32_t sig)
{
	struct siginfo info;

	if ((pid_t)tid <= 0 || sig > NSIG)
		return -EINVAL;
	siginfo_from_caller(&info, (int)sig, SI_TKILL);
	return send_to_tid(0, (pid_t)tid, (int)sig, &info);
}

int32_t sys_tgkill(uint32_t pid, uint32_t tid, uint32_t sig)
{
	struct siginfo info;

	if ((pid_t)pid <= 0 || (pid_t)tid <= 0 || sig > NSIG)
		return -EINVAL;
	siginfo_from_caller(&info, (int)sig, SI_TKILL);
	return send_to_tid((pid_t)pid, (pid_t)tid, (int)sig, &info);
}

/* ---- with a value ---- */

/* Only to itself may a process pretend that the kernel, kill or tkill sent something. */
static int info_from_user(struct siginfo *info, uint32_t user, pid_t target, uint32_t sig)
{
	if (copy_from_user(info, (const void __user *)user, sizeof(*info)))
		return -EFAULT;
	if ((info->code >= 0 || info->code == SI_TKILL) && target != proc_current()->pid)
		return -EPERM;
	info->signo = (int32_t)sig;
	return 0;
}

int32_t sys_rt_sigqueueinfo(uint32_t pid, uint32_t sig, uint32_t info_user)
{
	struct siginfo info;
	int err = info_from_user(&info, info_user, (pid_t)pid, sig);

	if (err)
		return err;
	return sig > NSIG ? -EINVAL : send_by_pid((pid_t)pid, (int)sig, &info);
}

int32_t sys_rt_tgsigqueueinfo(uint32_t pid, uint32_t tid, uint32_t sig, uint32_t info_user)
{
	struct siginfo info;
	int err = info_from_user(&info, info_user, (pid_t)pid, sig);

	if (err)
		return err;
	if ((pid_t)pid <= 0 || (pid_t)tid <= 0 || sig > NSIG)
		return -EINVAL;
	return send_to_tid((pid_t)pid, (pid_t)tid, (int)sig, &info);
}
