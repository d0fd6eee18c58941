/*
 * sys_time.c: reading and setting clocks.
 *
 * There are three sources: clock_now() for everything monotonic, the wall clock of time.c, and the CPU
 * time that the scheduler has accounted. International atomic time is taken to be UTC, as on a Linux
 * nobody told the difference.
 */

#include "kernel/syscall.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/time.h"
#include "kernel/cred.h"
#include "kernel/time.h"

#define NSEC_PER_USEC 1000u
#define USEC_PER_SEC 1000000u
#define MINUTES_WEST_MAX (15 * 60)

static struct timezone
	timezone; /* What settimeofday was told; the kernel has no use for it. proc_lock. */

/* ---- CPU time ---- */

/* What t has used, up to now. proc_lock held, interrupts off. */
static uint64_t task_time(const struct task *t, uint32_t which)
{
	const struct thread *thread = &t->thread;
	uint64_t user = thread->user_ns, kernel = thread->kernel_ns;

	if (thread == thread_current())
		kernel += clock_now() - thread->last_ns; /* Not accounted yet. */
	return which == CPUCLOCK_SCHED ? user + kernel : user;
}

/* t NULL: all of p, with the tasks that have ended. */
static uint64_t cpu_time(struct proc *p, const struct task *t, uint32_t which)
{
	uint64_t ns = 0;
	uint32_t flags;

	flags = irq_save();
	if (t) {
		ns = task_time(t, which);
	} else {
		ns = p->usage.user_ns + (which == CPUCLOCK_SCHED ? p->usage.kernel_ns : 0);
		list_for_each_entry(t, &p->tasks, proc_link)
			ns += task_time(t, which);
	}
	irq_restore(flags);
	return ns;
}

/* Of the task tid, which must be one of the caller's, or of process p as a whole for 0. 0 or -EINVAL. */
static int cpu_clock_of(struct proc *p, pid_t tid, uint32_t which, uint64_t *ns)
{
	const struct task *t = NULL;
	int err = 0;

	spin_lock(&proc_lock);
	if (tid)
		t = proc_task_locked(p, tid);
	if (tid && !t)
		err = -EINVAL;
	else
		*ns = cpu_time(p, t, which);
	spin_unlock(&proc_lock);
	return err;
}

/* A clock id that names a process or task; see abi/time.h. */
static int cpu_clock_named(uint32_t clock, uint64_t *ns)
{
	pid_t number = CPUCLOCK_NUMBER(clock);
	uint32_t which = clock & CPUCLOCK_WHICH;
	struct proc *p;
	int err;

	if (which > CPUCLOCK_SCHED)
		return -EINVAL;
	if (which == CPUCLOCK_PROF)
		which = CPUCLOCK_SCHED; /* User and system time, too. */
	if (clock & CPUCLOCK_TASK)
		return cpu_clock_of(proc_current(), number ? number : task_current()->tid, which,
				    ns);
	p = number ? proc_find(number) : proc_get(proc_current());
	if (!p)
		return -EINVAL;
	err = cpu_clock_of(p, 0, which, ns);
	proc_put(p);
	return err;
}

/* ---- reading ---- */

static uint64_t last_tick(uint64_t ns)
{
	return ns - ns % NSEC_PER_TICK;
}

/* 0 and *ns, or -EINVAL when there is no such clock. */
static int clock_read(uint32_t clock, uint64_t *ns)
{
	if ((int32_t)clock < 0)
		return cpu_clock_named(clock, ns);
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_TAI:
		*ns = realtime_now();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_BOOTTIME:
		*ns = clock_now();
		return 0;
	case CLOCK_REALTIME_COARSE:
		*ns = last_tick(realtime_now());
		return 0;
	case CLOCK_MONOTONIC_COARSE:
		*ns = last_tick(clock_now());
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		return cpu_clock_of(proc_current(), 0, CPUCLOCK_SCHED, ns);
	case CLOCK_THREAD_CPUTIME_ID:
		return cpu_clock_of(proc_current(), task_current()->tid, CPUCLOCK_SCHED, ns);
	default:
		return -EINVAL;
	}
}

int32_t sys_clock_gettime(uint32_t clock, uint32_t ts_user, bool time64)
{
	uint64_t ns;
	int err = clock_read(clock, &ns);

	return err ? err : time_to_user(ts_user, ns, time64);
}

/* All but the coarse clocks read the TSC. */
int32_t sys_clock_getres(uint32_t clock, uint32_t ts_user, bool time64)
{
	bool coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
	uint64_t now;
	int err = clock_read(clock, &now);

	if (err || !ts_user)
		return err;
	return time_to_user(ts_user, coarse ? NSEC_PER_TICK : 1, time64);
}

int32_t sys_time(uint32_t time_user)
{
	uint32_t now = (uint32_t)(realtime_now() / NSEC_PER_SEC);

	if (time_user && put_user_u32((void __user *)time_user, now))
		return -EFAULT;
	return (int32_t)now;
}

static struct timezone timezone_exchange(const struct timezone *new)
{
	struct timezone old;

	spin_lock(&proc_lock);
	old = timezone;
	if (new)
		timezone = *new;
	spin_unlock(&proc_lock);
	return old;
}

int32_t sys_gettimeofday(uint32_t tv_user, uint32_t tz_user)
{
	uint64_t ns = realtime_now();
	const struct timeval32 tv = {
		.sec = (int32_t)(ns / NSEC_PER_SEC),
		.usec = (int32_t)(ns % NSEC_PER_SEC / NSEC_PER_USEC),
	};
	struct timezone tz = timezone_exchange(NULL);

	if (tv_user && copy_to_user((void __user *)tv_user, &tv, sizeof(tv)))
		return -EFAULT;
	if (tz_user && copy_to_user((void __user *)tz_user, &tz, sizeof(tz)))
		return -EFAULT;
	return 0;
}

/* ---- setting ---- */

/* The wall clock may not be set to before the machine was turned on: clock_now() would run backwards in it. */
static int settime(uint64_t ns)
{
	if (!cred_is_root())
		return -EPERM;
	if (ns < clock_now() || ns >= TIME_MAX_NS)
		return -EINVAL;
	realtime_set(ns);
	return 0;
}

int32_t sys_clock_settime(uint32_t clock, uint32_t ts_user, bool time64)
{
	uint64_t ns;
	int err;

	if (clock != CLOCK_REALTIME)
		return -EINVAL;
	err = time_from_user(&ns, ts_user, time64);
	return err ? err : settime(ns);
}

int32_t sys_settimeofday(uint32_t tv_user, uint32_t tz_user)
{
	struct timeval32 tv = {0, 0};
	struct timezone tz;

	if (tv_user && copy_from_user(&tv, (const void __user *)tv_user, sizeof(tv)))
		return -EFAULT;
	if (tz_user && copy_from_user(&tz, (const void __user *)tz_user, sizeof(tz)))
		return -EFAULT;
	if (tv.sec < 0 || tv.usec < 0 || (uint32_t)tv.usec >= USEC_PER_SEC)
		return -EINVAL;
	if (!cred_is_root())
		return -EPERM;
	if (tz_user) {
		if (tz.minutes_west > MINUTES_WEST_MAX || tz.minutes_west < -MINUTES_WEST_MAX)
			return -EINVAL;
		(void)timezone_exchange(&tz);
	}
	if (!tv_user)
		return 0;
	return settime((uint64_t)tv.sec * NSEC_PER_SEC + (uint32_t)tv.usec * NSEC_PER_USEC);
}
