/* group.c: process groups and sessions (setpgid(2), setsid(2)). Lock: proc_lock. */

#include "kernel/abi/errno.h"
#include "kernel/proc_internal.h"
#include "kernel/syscall.h"

/* The process, which is the caller for pid 0, with a reference; NULL. */
static struct proc *self_or_find(pid_t pid)
{
	return pid == 0 ? proc_get(proc_current()) : proc_find(pid);
}

/* May the caller put p into group pgrp? In the order in which Linux finds fault. */
static int check_setpgid_locked(const struct proc *p, pid_t pgrp)
{
	const struct proc *me = proc_current();

	if (p != me) {
		if (p->parent != me)
			return -ESRCH;
		if (p->session != me->session)
			return -EPERM;
		if (p->did_exec)
			return -EACCES;
	}
	if (p->session == p->pid)
		return -EPERM; /* A session leader. */
	if (pgrp != p->pid && pgrp_session_locked(pgrp) != me->session)
		return -EPERM;
	return 0;
}

int32_t sys_setpgid(uint32_t pid, uint32_t pgrp)
{
	struct proc *p;
	int err;

	if ((pid_t)pgrp < 0)
		return -EINVAL;
	p = self_or_find((pid_t)pid);
	if (!p)
		return -ESRCH;
	spin_lock(&proc_lock);
	if (pgrp == 0)
		pgrp = (uint32_t)p->pid;
	err = check_setpgid_locked(p, (pid_t)pgrp);
	if (!err)
		proc_set_pgrp_locked(p, (pid_t)pgrp);
	spin_unlock(&proc_lock);
	proc_put(p);
	return err;
}

int32_t sys_getpgid(uint32_t pid)
{
	struct proc *p = self_or_find((pid_t)pid);
	int32_t pgrp;

	if (!p)
		return -ESRCH;
	pgrp = p->pgrp;
	proc_put(p);
	return pgrp;
}

int32_t sys_getpgrp(void)
{
	return proc_current()->pgrp;
}

int32_t sys_getsid(uint32_t pid)
{
	struct proc *p = self_or_find((pid_t)pid);
	int32_t session;

	if (!p)
		return -ESRCH;
	session = p->session;
	proc_put(p);
	return session;
}

int32_t sys_setsid(void)
{
	struct proc *p = proc_current();
	int32_t result = p->pid;

	spin_lock(&proc_lock);
	if (p->session == p->pid || pgrp_session_locked(p->pid) != 0) {
		result = -EPERM; /* A leader already, or its number is another group's. */
	} else {
		proc_set_pgrp_locked(p, p->pid);
		proc_set_session_locked(p, p->pid);
		p->tty = NULL;
	}
	spin_unlock(&proc_lock);
	return result;
}
