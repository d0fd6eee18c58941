/*
 * sys_sched.c: the calls about scheduling. There is one class, SCHED_OTHER, and one CPU: what
 * programs ask is answered truthfully, what they want to set is accepted only where it is so
 * already. Nice values are kept and shown; the scheduler gives all the same slice.
 */

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/sched.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "kernel/time.h"

#define NICE_MIN (-20)
#define NICE_MAX 19
#define RT_PRIORITY_MAX 99

int32_t sys_sched_yield(void)
{
	thread_yield();
	return 0;
}

/* The process with a task of this number, the caller for 0. 0 and *out, -EINVAL or -ESRCH. */
static int find_task_owner(uint32_t pid, struct proc **out)
{
	if ((pid_t)pid < 0)
		return -EINVAL;
	*out = pid == 0 ? proc_get(proc_current()) : proc_find_by_tid((pid_t)pid);
	return *out ? 0 : -ESRCH;
}

static int check_task(uint32_t pid)
{
	struct proc *p;
	int err = find_task_owner(pid, &p);

	if (!err)
		proc_put(p);
	return err;
}

/* ---- CPUs ---- */

int32_t sys_sched_getaffinity(uint32_t pid, uint32_t size, uint32_t mask_user)
{
	uint32_t mask = 1;
	int err;

	if (size < sizeof(mask) || size % sizeof(mask))
		return -EINVAL;
	err = check_task(pid);
	if (!err)
		err = put_user_u32((void __user *)mask_user, mask);
	return err ? err : (int32_t)sizeof(mask);
}

int32_t sys_sched_setaffinity(uint32_t pid, uint32_t size, uint32_t mask_user)
{
	uint32_t mask = 0;
	int err = check_task(pid);

	if (err)
		return err;
	if (copy_from_user(&mask, (const void __user *)mask_user, MIN(size, sizeof(mask))))
		return -EFAULT;
	return mask & 1 ? 0 : -EINVAL;
}

int32_t sys_getcpu(uint32_t cpu_user, uint32_t node_user)
{
	if (cpu_user && put_user_u32((void __user *)cpu_user, this_cpu()->id))
		return -EFAULT;
	if (node_user && put_user_u32((void __user *)node_user, 0))
		return -EFAULT;
	return 0;
}

/* ---- classes ---- */

static bool policy_is_known(uint32_t policy)
{
	return policy <= SCHED_BATCH || policy == SCHED_IDLE;
}

static bool policy_is_realtime(uint32_t policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

int32_t sys_sched_getscheduler(uint32_t pid)
{
	int err = check_task(pid);

	return err ? err : SCHED_OTHER;
}

int32_t sys_sched_setscheduler(uint32_t pid, uint32_t policy, uint32_t param_user)
{
	uint32_t priority;
	int err;

	if ((pid_t)pid < 0 || !policy_is_known(policy))
		return -EINVAL;
	if (get_user_u32(&priority, (const void __user *)param_user))
		return -EFAULT;
	err = check_task(pid);
	if (err)
		return err;
	if (policy_is_realtime(policy) ? priority < 1 || priority > RT_PRIORITY_MAX : priority != 0)
		return -EINVAL;
	return policy_is_realtime(policy) ? -EPERM : 0;
}

int32_t sys_sched_getparam(uint32_t pid, uint32_t param_user)
{
	int err = param_user ? check_task(pid) : -EINVAL;

	return err ? err : put_user_u32((void __user *)param_user, 0);
}

int32_t sys_sched_get_priority_max(uint32_t policy)
{
	if (!policy_is_known(policy))
		return -EINVAL;
	return policy_is_realtime(policy) ? RT_PRIORITY_MAX : 0;
}

int32_t sys_sched_get_priority_min(uint32_t policy)
{
	if (!policy_is_known(policy))
		return -EINVAL;
	return policy_is_realtime(policy) ? 1 : 0;
}

int32_t sys_sched_rr_get_interval(uint32_t pid, uint32_t interval_user, bool time64)
{
	int err = check_task(pid);

	return err ? err : time_to_user(interval_user, SLICE_TICKS * NSEC_PER_TICK, time64);
}

/* ---- nice values ---- */

struct nice_request {
	uint32_t which, who;
	bool set;
	int value; /* To set; or the best (lowest) found. */
	int result;
};

static bool nice_matches(const struct nice_request *r, const struct proc *p)
{
	switch (r->which) {
	case PRIO_PROCESS:
		return p->pid == (pid_t)r->who;
	case PRIO_PGRP:
		return p->pgrp == (pid_t)r->who;
	default:
		return p->uid == r->who;
	}
}

static int may_set_nice(const struct proc *p, int value)
{
	const struct proc *me = proc_current();

	if (me->euid != 0 && me->euid != p->uid && me->euid != p->euid)
		return -EPERM;
	return me->euid != 0 && value < p->nice ? -EACCES : 0;
}

static bool nice_visit(struct proc *p, void *arg)
{
	struct nice_request *r = arg;

	if (p->state == PROC_ZOMBIE || !nice_matches(r, p))
		return true;
	if (!r->set) {
		r->value = r->result ? p->nice : MIN(r->value, p->nice);
		r->result = 0;
		return true;
	}
	r->result = may_set_nice(p, r->value);
	if (r->result == 0)
		p->nice = r->value;
	return true;
}

static int nice_run(struct nice_request *r)
{
	if (r->which > PRIO_USER)
		return -EINVAL;
	if (r->who == 0) {
		const struct proc *me = proc_current();
		const uint32_t mine[] = {(uint32_t)me->pid, (uint32_t)me->pgrp, me->uid};

		r->who = mine[r->which];
	}
	r->result = -ESRCH;
	proc_each(nice_visit, r);
	return r->result;
}

/* The call gives 20 - nice, so that no result looks like an error; libraries turn it back. */
int32_t sys_getpriority(uint32_t which, uint32_t who)
{
	struct nice_request r = {.which = which, .who = who};
	int err = nice_run(&r);

	return err ? err : 20 - r.value;
}

int32_t sys_setpriority(uint32_t which, uint32_t who, uint32_t nice)
{
	struct nice_request r = {
		.which = which,
		.who = who,
		.set = true,
		.value = MIN(MAX((int)nice, NICE_MIN), NICE_MAX),
	};

	return nice_run(&r);
}
