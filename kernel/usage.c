/*
 * usage.c: what processes used: times, faults, switches.
 *
 * A living task's times are in its thread, its faults in the address space; when a task or an
 * address space goes, its part is added to the process. A process that was waited for is added to
 * its parent's child_usage. Everything is added under proc_lock.
 */

#include "kernel/usage.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/proc_internal.h"
#include "kernel/syscall.h"

void proc_usage_add(struct proc_usage *sum, const struct proc_usage *u)
{
	sum->user_ns += u->user_ns;
	sum->kernel_ns += u->kernel_ns;
	sum->minor_faults += u->minor_faults;
	sum->major_faults += u->major_faults;
	sum->switches_voluntary += u->switches_voluntary;
	sum->switches_forced += u->switches_forced;
	sum->max_rss = MAX(sum->max_rss, u->max_rss);
}

/* ---- the system's ---- */

static uint64_t ended_user_ns; /* proc_lock: of threads that ended. */
static uint32_t forks;	       /* Atomic. */

void usage_thread_ended_locked(const struct thread *t)
{
	ended_user_ns += t->user_ns;
}

static bool add_user(struct proc *p, void *arg)
{
	uint64_t *sum = arg;
	struct task *t;

	list_for_each_entry(t, &p->tasks, proc_link)
		*sum += t->thread.user_ns;
	return true;
}

uint64_t usage_user_ns(void)
{
	uint64_t sum = ended_user_ns;

	proc_each(add_user, &sum);
	return sum;
}

void usage_forked(void)
{
	atomic_inc(&forks);
}

uint32_t usage_forks(void)
{
	return atomic_load(&forks);
}

/* ---- a process's ---- */

void proc_usage_add_thread(struct proc_usage *sum, const struct thread *t)
{
	sum->user_ns += t->user_ns;
	sum->kernel_ns += t->kernel_ns;
	sum->switches_voluntary += t->switches_voluntary;
	sum->switches_forced += t->switches_forced;
}

static void add_aspace(struct proc_usage *sum, struct aspace *as)
{
	sum->minor_faults += atomic_load(&as->minor_faults);
	sum->major_faults += atomic_load(&as->major_faults);
	sum->max_rss = MAX(sum->max_rss, aspace_resident(as));
}

void proc_usage_take_aspace(struct proc *p, struct aspace *as)
{
	struct proc_usage u = {0};

	if (p->vfork_done)
		return; /* The faults are the parent's. */
	add_aspace(&u, as);
	spin_lock(&proc_lock);
	proc_usage_add(&p->usage, &u);
	spin_unlock(&proc_lock);
}

void proc_usage_sum(struct proc *p, struct proc_usage *out)
{
	struct aspace *as = proc_aspace_get(p);
	struct task *t;

	spin_lock(&proc_lock);
	*out = p->usage;
	list_for_each_entry(t, &p->tasks, proc_link)
		proc_usage_add_thread(out, &t->thread);
	if (p->kernel_thread)
		proc_usage_add_thread(out, p->kernel_thread);
	spin_unlock(&proc_lock);
	if (as) {
		add_aspace(out, as);
		aspace_put(as);
	}
}

/* ---- for users ---- */

uint64_t ns_to_user_ticks(uint64_t ns)
{
	return ns / (NSEC_PER_SEC / USER_HZ);
}

static struct timeval32 ns_to_timeval(uint64_t ns)
{
	return (struct timeval32){
		.sec = (int32_t)(ns / NSEC_PER_SEC),
		.usec = (int32_t)(ns % NSEC_PER_SEC / 1000),
	};
}

void usage_to_rusage(const struct proc_usage *u, struct rusage *out)
{
	*out = (struct rusage){
		.utime = ns_to_timeval(u->user_ns),
		.stime = ns_to_timeval(u->kernel_ns),
		.maxrss = (int32_t)(u->max_rss * (PAGE_SIZE / 1024)),
		.minflt = (int32_t)u->minor_faults,
		.majflt = (int32_t)u->major_faults,
		.nvcsw = (int32_t)u->switches_voluntary,
		.nivcsw = (int32_t)u->switches_forced,
	};
}

static void child_usage(struct proc_usage *u)
{
	spin_lock(&proc_lock);
	*u = proc_current()->child_usage;
	spin_unlock(&proc_lock);
}

int32_t sys_getrusage(uint32_t who, uint32_t usage_user)
{
	struct proc_usage u = {0};
	struct rusage r;

	switch ((int32_t)who) {
	case RUSAGE_SELF:
		proc_usage_sum(proc_current(), &u);
		break;
	case RUSAGE_CHILDREN:
		child_usage(&u);
		break;
	case RUSAGE_THREAD:
		proc_usage_add_thread(&u, thread_current());
		break;
	default:
		return -EINVAL;
	}
	usage_to_rusage(&u, &r);
	return copy_to_user((void __user *)usage_user, &r, sizeof(r));
}

int32_t sys_times(uint32_t tms_user)
{
	struct proc_usage self, children;
	struct tms t;

	if (tms_user) {
		proc_usage_sum(proc_current(), &self);
		child_usage(&children);
		t = (struct tms){
			.utime = (int32_t)ns_to_user_ticks(self.user_ns),
			.stime = (int32_t)ns_to_user_ticks(self.kernel_ns),
			.cutime = (int32_t)ns_to_user_ticks(children.user_ns),
			.cstime = (int32_t)ns_to_user_ticks(children.kernel_ns),
		};
		if (copy_to_user((void __user *)tms_user, &t, sizeof(t)))
			return -EFAULT;
	}
	return (int32_t)ns_to_user_ticks(clock_now());
}
