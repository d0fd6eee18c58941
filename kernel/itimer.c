/*
 * itimer.c: interval timers of a process: setitimer(2), getitimer(2), alarm(2), and RLIMIT_CPU.
 *
 * Locks: the real timer has its own (sigtimer.h). sig_lock, which the tick may take, guards the two
 * that count CPU time; cpu_timers_running spares the tick the lock when there is nothing to count.
 */

#include "kernel/itimer.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/time.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/time.h"

#define USEC_PER_SEC 1000000u
#define NSEC_PER_USEC 1000u

enum { CPU_VIRTUAL, CPU_PROF }; /* Indices of proc->cpu_timers. */

#define CPU_EXPIRED_VIRTUAL 1u
#define CPU_EXPIRED_PROF 2u
#define CPU_EXPIRED_LIMIT 4u

/* struct itimerval, old form. */
struct itimerval {
	struct timeval32 interval, value;
};

static void send_alarm(struct sigtimer *st, uint32_t times)
{
	(void)times; /* Standard signals do not queue: those missed are lost. */
	(void)signal_send_proc(container_of(st, struct proc, alarm), SIGALRM, NULL);
}

void itimer_init_proc(struct proc *p)
{
	sigtimer_init(&p->alarm, send_alarm);
}

void itimer_exit(struct proc *p)
{
	sigtimer_lock();
	sigtimer_stop(&p->alarm);
	sigtimer_unlock();
}

/* ---- CPU time ---- */

/* True when it has run out. sig_lock held. */
static bool run_down(struct cpu_timer *timer)
{
	if (timer->left == 0)
		return false;
	if (timer->left > NSEC_PER_TICK) {
		timer->left -= NSEC_PER_TICK;
		return false;
	}
	timer->left = timer->interval;
	return true;
}

static void update_running(struct proc *p)
{
	atomic_store(&p->cpu_timers_running,
		     p->cpu_timers[CPU_VIRTUAL].left || p->cpu_timers[CPU_PROF].left);
}

static uint32_t run_down_all(struct proc *p, bool from_user)
{
	uint32_t expired = 0, flags = spin_lock_irq(&p->sig_lock);

	if (from_user && run_down(&p->cpu_timers[CPU_VIRTUAL]))
		expired |= CPU_EXPIRED_VIRTUAL;
	if (run_down(&p->cpu_timers[CPU_PROF]))
		expired |= CPU_EXPIRED_PROF;
	update_running(p);
	spin_unlock_irq(&p->sig_lock, flags);
	return expired;
}

/* At the limit and each second beyond it. */
static bool limit_hit(struct proc *p)
{
	uint32_t ticks = atomic_add_return(&p->cpu_ticks, 1);

	return ticks % HZ == 0 && ticks / HZ >= p->limits[RLIMIT_CPU].cur;
}

void itimer_tick(bool from_user)
{
	struct thread *thread = thread_current();
	uint32_t expired = 0;
	struct proc *p;

	if (!thread->is_user)
		return;
	p = proc_current();
	if (limit_hit(p))
		expired |= CPU_EXPIRED_LIMIT;
	if (atomic_load(&p->cpu_timers_running))
		expired |= run_down_all(p, from_user);
	if (!expired)
		return;
	atomic_or(&p->cpu_expired, expired);
	thread_interrupt(thread, false);
}

/* SIGXCPU at the soft limit, the end at the hard one. */
static void send_limit(struct proc *p)
{
	bool hard = atomic_load(&p->cpu_ticks) / HZ >= p->limits[RLIMIT_CPU].max;

	(void)signal_send_proc(p, hard ? SIGKILL : SIGXCPU, NULL);
}

void itimer_send_expired(struct proc *p)
{
	uint32_t expired;

	if (atomic_load(&p->cpu_expired) == 0)
		return;
	expired = atomic_xchg(&p->cpu_expired, 0);
	if (expired & CPU_EXPIRED_VIRTUAL)
		(void)signal_send_proc(p, SIGVTALRM, NULL);
	if (expired & CPU_EXPIRED_PROF)
		(void)signal_send_proc(p, SIGPROF, NULL);
	if (expired & CPU_EXPIRED_LIMIT)
		send_limit(p);
}

/* ---- the calls ---- */

static void exchange_cpu_timer(struct proc *p, struct cpu_timer *timer,
			       const struct sigtimer_state *new, struct sigtimer_state *old)
{
	uint32_t flags = spin_lock_irq(&p->sig_lock);

	*old = (struct sigtimer_state){timer->left, timer->interval};
	if (new) {
		*timer = (struct cpu_timer){new->left, new->interval};
		update_running(p);
	}
	spin_unlock_irq(&p->sig_lock, flags);
}

static void exchange_alarm(struct proc *p, const struct sigtimer_state *new,
			   struct sigtimer_state *old)
{
	sigtimer_lock();
	if (new)
		sigtimer_set(&p->alarm, new->left ? time_after(new->left) : 0, new->interval, false,
			     old);
	else
		sigtimer_get(&p->alarm, old);
	sigtimer_unlock();
}

/* new NULL: only read. 0 or -EINVAL. */
static int itimer_exchange(uint32_t which, const struct sigtimer_state *new,
			   struct sigtimer_state *old)
{
	struct proc *p = proc_current();

	switch (which) {
	case ITIMER_REAL:
		exchange_alarm(p, new, old);
		return 0;
	case ITIMER_VIRTUAL:
	case ITIMER_PROF:
		exchange_cpu_timer(p, &p->cpu_timers[which - ITIMER_VIRTUAL], new, old);
		return 0;
	default:
		return -EINVAL;
	}
}

static bool timeval_is_valid(const struct timeval32 *tv)
{
	return tv->sec >= 0 && tv->usec >= 0 && (uint32_t)tv->usec < USEC_PER_SEC;
}

static uint64_t timeval_to_ns(const struct timeval32 *tv)
{
	return (uint64_t)tv->sec * NSEC_PER_SEC + (uint32_t)tv->usec * NSEC_PER_USEC;
}

/* Rounded up, so that a running timer never seems to have nothing left. */
static struct timeval32 ns_to_timeval(uint64_t ns)
{
	uint64_t usec = ns / NSEC_PER_USEC + (ns % NSEC_PER_USEC != 0);

	return (struct timeval32){
		.sec = (int32_t)(usec / USEC_PER_SEC),
		.usec = (int32_t)(usec % USEC_PER_SEC),
	};
}

static int put_state(uint32_t user, const struct sigtimer_state *state)
{
	const struct itimerval value = {
		.interval = ns_to_timeval(state->interval),
		.value = ns_to_timeval(state->left),
	};

	return copy_to_user((void __user *)user, &value, sizeof(value));
}

int32_t sys_getitimer(uint32_t which, uint32_t value_user)
{
	struct sigtimer_state old;
	int err = itimer_exchange(which, NULL, &old);

	return err ? err : put_state(value_user, &old);
}

int32_t sys_setitimer(uint32_t which, uint32_t new_user, uint32_t old_user)
{
	struct sigtimer_state new, old;
	struct itimerval value = {0}; /* No new value: stop it, as Linux still does. */
	int err;

	if (new_user && copy_from_user(&value, (const void __user *)new_user, sizeof(value)))
		return -EFAULT;
	if (!timeval_is_valid(&value.value) || !timeval_is_valid(&value.interval))
		return -EINVAL;
	new = (struct sigtimer_state){timeval_to_ns(&value.value), timeval_to_ns(&value.interval)};
	err = itimer_exchange(which, &new, &old);
	if (err || !old_user)
		return err;
	return put_state(old_user, &old);
}

/* Seconds left of an earlier alarm, to the nearest, but not 0 when there was one. */
int32_t sys_alarm(uint32_t seconds)
{
	const struct sigtimer_state new = {.left = (uint64_t)seconds * NSEC_PER_SEC};
	struct sigtimer_state old;

	(void)itimer_exchange(ITIMER_REAL, &new, &old);
	if (old.left != 0 && old.left < NSEC_PER_SEC)
		return 1;
	return (int32_t)((old.left + NSEC_PER_SEC / 2) / NSEC_PER_SEC);
}
