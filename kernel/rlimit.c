/*
 * rlimit.c: resource limits. Each is enforced where the resource is given out; those of memory are
 * copied into the address space, which knows no processes.
 *
 * Lock: proc_lock guards every process's limits against changes by others (prlimit64).
 */

#include "kernel/rlimit.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/syscall.h"

#define STACK_DEFAULT (8u << 20)
#define MEMLOCK_DEFAULT (8u << 20)
#define MSGQUEUE_DEFAULT 819200u

void rlimit_init(struct proc *p)
{
	struct rlimit *l = p->limits;

	for (uint32_t i = 0; i < RLIMIT_COUNT; i++)
		l[i] = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
	l[RLIMIT_STACK].cur = STACK_DEFAULT;
	l[RLIMIT_CORE].cur = 0;
	l[RLIMIT_NPROC] = (struct rlimit){task_limit() / 2, task_limit() / 2};
	l[RLIMIT_NOFILE] = (struct rlimit){FD_MAX, FD_MAX};
	l[RLIMIT_MEMLOCK] = (struct rlimit){MEMLOCK_DEFAULT, MEMLOCK_DEFAULT};
	l[RLIMIT_SIGPENDING] = l[RLIMIT_NPROC];
	l[RLIMIT_MSGQUEUE] = (struct rlimit){MSGQUEUE_DEFAULT, MSGQUEUE_DEFAULT};
	l[RLIMIT_NICE] = (struct rlimit){0, 0};
	l[RLIMIT_RTPRIO] = (struct rlimit){0, 0};
}

void rlimit_fork(struct proc *child, const struct proc *parent)
{
	spin_lock(&proc_lock);
	memcpy(child->limits, parent->limits, sizeof(child->limits));
	spin_unlock(&proc_lock);
}

void rlimit_apply(const struct proc *p, struct aspace *as)
{
	atomic_store(&as->stack_limit, p->limits[RLIMIT_STACK].cur);
	atomic_store(&as->data_limit, p->limits[RLIMIT_DATA].cur);
	atomic_store(&as->as_limit, p->limits[RLIMIT_AS].cur);
	atomic_store(&as->lock_limit, p->euid == 0 ? UINT32_MAX : p->limits[RLIMIT_MEMLOCK].cur);
}

/* May the current process replace old by new? */
static int check_change(uint32_t resource, const struct rlimit *old, const struct rlimit *new)
{
	if (new->cur > new->max)
		return -EINVAL;
	if (resource == RLIMIT_NOFILE && new->max > FD_MAX)
		return -EPERM;
	if (new->max > old->max && !cred_is_root())
		return -EPERM;
	return 0;
}

/* Read p's limit into *old and, when new is given, replace it. */
static int limit_exchange(struct proc *p, uint32_t resource, const struct rlimit *new,
			  struct rlimit *old)
{
	struct aspace *as;
	int err = 0;

	if (resource >= RLIMIT_COUNT)
		return -EINVAL;
	spin_lock(&proc_lock);
	*old = p->limits[resource];
	if (new)
		err = check_change(resource, old, new);
	if (new && !err)
		p->limits[resource] = *new;
	spin_unlock(&proc_lock);
	if (!new || err)
		return err;
	as = proc_aspace_get(p);
	if (as)
		rlimit_apply(p, as);
	aspace_put(as);
	return 0;
}

int32_t sys_ugetrlimit(uint32_t resource, uint32_t limit_user)
{
	struct rlimit old;
	int err = limit_exchange(proc_current(), resource, NULL, &old);

	if (err)
		return err;
	return copy_to_user((void __user *)limit_user, &old, sizeof(old));
}

int32_t sys_setrlimit(uint32_t resource, uint32_t limit_user)
{
	struct rlimit old, new;

	if (copy_from_user(&new, (const void __user *)limit_user, sizeof(new)))
		return -EFAULT;
	return limit_exchange(proc_current(), resource, &new, &old);
}

/* ---- prlimit64: any process, 64-bit values ---- */

static uint32_t narrow(uint64_t v)
{
	return v >= RLIM_INFINITY ? RLIM_INFINITY : (uint32_t)v;
}

static uint64_t widen(uint32_t v)
{
	return v == RLIM_INFINITY ? UINT64_MAX : v;
}

static int prlimit_target(pid_t pid, struct proc **out)
{
	struct proc *p = pid == 0 ? proc_get(proc_current()) : proc_find(pid);

	if (!p)
		return -ESRCH;
	if (p != proc_current() && !cred_may_control(p)) {
		proc_put(p);
		return -EPERM;
	}
	*out = p;
	return 0;
}

int32_t sys_prlimit64(uint32_t pid, uint32_t resource, uint32_t new_user, uint32_t old_user)
{
	struct rlimit64 wide;
	struct rlimit old, new;
	struct proc *p;
	int err;

	if (new_user) {
		if (copy_from_user(&wide, (const void __user *)new_user, sizeof(wide)))
			return -EFAULT;
		if (wide.cur > wide.max)
			return -EINVAL;
		new = (struct rlimit){narrow(wide.cur), narrow(wide.max)};
	}
	err = prlimit_target((pid_t)pid, &p);
	if (err)
		return err;
	err = limit_exchange(p, resource, new_user ? &new : NULL, &old);
	proc_put(p);
	if (err || !old_user)
		return err;
	wide = (struct rlimit64){widen(old.cur), widen(old.max)};
	return copy_to_user((void __user *)old_user, &wide, sizeof(wide));
}
