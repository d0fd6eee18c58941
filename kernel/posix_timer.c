/*
 * posix_timer.c: timers of a process: timer_create(2) and its kin.
 *
 * Each timer has one queue entry of its own. While the signal is pending, further expirations only
 * count; the receiver finds the count in si_overrun.
 *
 * Lock: sigtimer_mutex guards every process's list and the fields; an entry has its process's sig_lock.
 */

#include "kernel/posix_timer.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/time.h"
#include "kernel/lib/string.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/time.h"
#include "mm/kmalloc.h"

struct posix_timer {
	struct list link;
	int id;
	struct proc *proc;
	uint32_t clock;
	bool silent; /* SIGEV_NONE */
	pid_t tid;   /* SIGEV_THREAD_ID; 0: the process. */
	struct sigtimer timer;
	struct sigqueue entry;
};

KMEM_CACHE(posix_timer_cache, struct posix_timer);

static void send(struct sigtimer *st, uint32_t times)
{
	struct posix_timer *t = container_of(st, struct posix_timer, timer);

	if (!t->silent)
		(void)signal_send_entry(t->proc, t->tid, &t->entry, times);
}

/* Out of the list, and nobody knows it. sigtimer_mutex held. */
static void destroy(struct posix_timer *t)
{
	sigtimer_stop(&t->timer);
	signal_take_back(t->proc, &t->entry);
	list_remove(&t->link);
	kmem_cache_free(&posix_timer_cache, t);
}

void posix_timers_init_proc(struct proc *p)
{
	list_init(&p->timers);
}

void posix_timers_exit(struct proc *p)
{
	sigtimer_lock();
	while (!list_empty(&p->timers))
		destroy(list_first(&p->timers, struct posix_timer, link));
	sigtimer_unlock();
}

/* ---- creating ---- */

static int check_clock(uint32_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
		return -EOPNOTSUPP; /* They can be read, no more. */
	default:
		return -EINVAL;
	}
}

static bool is_own_task(pid_t tid)
{
	bool found;

	spin_lock(&proc_lock);
	found = proc_task_locked(proc_current(), tid) != NULL;
	spin_unlock(&proc_lock);
	return found;
}

static int check_event(const struct sigevent *ev)
{
	switch (ev->notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD: /* The C library's business; to the kernel it is a signal. */
		break;
	case SIGEV_THREAD_ID:
		if (!is_own_task(ev->tid))
			return -EINVAL;
		break;
	default:
		return -EINVAL;
	}
	return ev->signo >= 1 && ev->signo <= NSIG ? 0 : -EINVAL;
}

static uint32_t count_timers(const struct proc *p)
{
	const struct posix_timer *t;
	uint32_t n = 0;

	list_for_each_entry(t, &p->timers, link)
		n++;
	return n;
}

/* A timer in p's list, not running; NULL without memory or above RLIMIT_SIGPENDING. Mutex held. */
static struct posix_timer *create(struct proc *p, uint32_t clock, const struct sigevent *ev)
{
	struct posix_timer *t;

	if (count_timers(p) >= p->limits[RLIMIT_SIGPENDING].cur)
		return NULL;
	t = kmem_cache_zalloc(&posix_timer_cache);
	if (!t)
		return NULL;
	t->id = p->next_timer_id;
	p->next_timer_id = (p->next_timer_id + 1) & INT32_MAX;
	t->proc = p;
	t->clock = clock;
	t->silent = ev->notify == SIGEV_NONE;
	t->tid = ev->notify == SIGEV_THREAD_ID ? ev->tid : 0;
	sigtimer_init(&t->timer, send);
	list_init(&t->entry.link);
	t->entry.embedded = true;
	t->entry.info.signo = ev->signo;
	t->entry.info.code = SI_TIMER;
	t->entry.info.timer = t->id;
	t->entry.info.timer_value = ev->value;
	list_add_tail(&p->timers, &t->link);
	return t;
}

static int event_from_user(struct sigevent *ev, uint32_t user)
{
	memset(ev, 0, sizeof(*ev));
	ev->notify = SIGEV_SIGNAL;
	ev->signo = SIGALRM;
	if (!user)
		return 0;
	if (copy_from_user(ev, (const void __user *)user, sizeof(*ev)))
		return -EFAULT;
	return check_event(ev);
}

int32_t sys_timer_create(uint32_t clock, uint32_t event_user, uint32_t id_user)
{
	struct posix_timer *t;
	struct sigevent ev;
	int id = 0, err = check_clock(clock);

	if (!err)
		err = event_from_user(&ev, event_user);
	if (err)
		return err;
	sigtimer_lock();
	t = create(proc_current(), clock, &ev);
	if (t) {
		id = t->id;
		if (!event_user)
			t->entry.info.timer_value = (uint32_t)id;
	}
	sigtimer_unlock();
	if (!t)
		return -EAGAIN;
	err = put_user_u32((void __user *)id_user, (uint32_t)id);
	if (err)
		(void)sys_timer_delete((uint32_t)id);
	return err;
}

/* ---- using ---- */

/* The current process's timer of this number, or NULL. Mutex held. */
static struct posix_timer *find(uint32_t id)
{
	struct posix_timer *t;

	list_for_each_entry(t, &proc_current()->timers, link)
		if ((uint32_t)t->id == id)
			return t;
	return NULL;
}

int32_t sys_timer_delete(uint32_t id)
{
	struct posix_timer *t;

	sigtimer_lock();
	t = find(id);
	if (t)
		destroy(t);
	sigtimer_unlock();
	return t ? 0 : -EINVAL;
}

int32_t sys_timer_getoverrun(uint32_t id)
{
	struct posix_timer *t;
	int32_t overrun = -EINVAL;

	sigtimer_lock();
	t = find(id);
	if (t)
		overrun = atomic_load(&t->entry.overrun_taken);
	sigtimer_unlock();
	return overrun;
}

static bool clock_is_wall(uint32_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_TAI;
}

/* The deadline in clock_now() time; 0 to stop. */
static uint64_t deadline_of(const struct posix_timer *t, uint64_t value, bool absolute)
{
	uint64_t now;

	if (value == 0)
		return 0;
	if (!absolute)
		return time_after(value);
	if (!clock_is_wall(t->clock))
		return value;
	now = realtime_now();
	return value > now ? time_after(value - now) : 1;
}

static int put_state(uint32_t user, const struct sigtimer_state *s, bool time64)
{
	uint32_t value_user =
		user + (time64 ? sizeof(struct timespec_time64) : sizeof(struct timespec32));

	if (time_to_user(user, s->interval, time64) || time_to_user(value_user, s->left, time64))
		return -EFAULT;
	return 0;
}

static int get_state(uint32_t user, struct sigtimer_state *s, bool time64)
{
	uint32_t value_user =
		user + (time64 ? sizeof(struct timespec_time64) : sizeof(struct timespec32));
	int err = time_from_user(&s->interval, user, time64);

	return err ? err : time_from_user(&s->left, value_user, time64);
}

int32_t sys_timer_settime(uint32_t id, uint32_t flags, uint32_t new_user, uint32_t old_user,
			  bool time64)
{
	bool absolute = flags & TIMER_ABSTIME;
	struct sigtimer_state new, old;
	struct posix_timer *t;
	int err = new_user ? get_state(new_user, &new, time64) : -EINVAL;

	if (err)
		return err;
	sigtimer_lock();
	t = find(id);
	if (t) {
		sigtimer_set(&t->timer, deadline_of(t, new.left, absolute), new.interval,
			     absolute && clock_is_wall(t->clock), &old);
		signal_take_back(t->proc, &t->entry); /* What is pending is the old setting's. */
	}
	sigtimer_unlock();
	if (!t)
		return -EINVAL;
	return old_user ? put_state(old_user, &old, time64) : 0;
}

int32_t sys_timer_gettime(uint32_t id, uint32_t value_user, bool time64)
{
	struct sigtimer_state state;
	struct posix_timer *t;

	sigtimer_lock();
	t = find(id);
	if (t)
		sigtimer_get(&t->timer, &state);
	sigtimer_unlock();
	return t ? put_state(value_user, &state, time64) : -EINVAL;
}
