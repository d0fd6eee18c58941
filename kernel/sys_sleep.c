/*
 * sys_sleep.c: sleeping for a time or until one (clock_nanosleep(2)), and going on after a stop.
 *
 * A sleep for a time that a signal without a handler interrupts must end when it would have ended: it
 * leaves its deadline in task->restart, and the way to user mode calls restart_syscall(2), which sleeps
 * for the rest. Sleeps until a time can simply be called again.
 */

#include "kernel/syscall.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/time.h"
#include "kernel/proc.h"
#include "kernel/time.h"

/* 0 or -EINTR. */
static int sleep_until(uint64_t deadline)
{
	int err;

	do {
		thread_sleep_prepare(THREAD_SLEEPING_INTERRUPTIBLE);
		err = thread_sleep(deadline);
	} while (err == 0);
	return err == -ETIMEDOUT ? 0 : err;
}

/* Sleep as task->restart says. 0, -ERESTART_RESTARTBLOCK or -EFAULT. */
static int32_t sleep_rest(void)
{
	struct restart *r = &task_current()->restart;
	uint64_t now;

	if (sleep_until(r->deadline) == 0) {
		r->deadline = 0;
		return 0;
	}
	now = clock_now();
	if (r->rem_user &&
	    time_to_user(r->rem_user, r->deadline > now ? r->deadline - now : 0, r->time64))
		return -EFAULT;
	return -ERESTART_RESTARTBLOCK;
}

static int32_t sleep_for(uint64_t ns, uint32_t rem_user, bool time64)
{
	task_current()->restart = (struct restart){
		.deadline = time_after(ns),
		.rem_user = rem_user,
		.time64 = time64,
	};
	return sleep_rest();
}

/* Nobody calls it who was not told to: there is a deadline only between a sleep and its continuation. */
int32_t sys_restart_syscall(void)
{
	return task_current()->restart.deadline ? sleep_rest() : -EINTR;
}

static int check_clock(uint32_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_TAI:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

int32_t sys_clock_nanosleep(uint32_t clock, uint32_t flags, uint32_t request_user,
			    uint32_t rem_user, bool time64)
{
	bool wall = clock == CLOCK_REALTIME || clock == CLOCK_TAI;
	uint64_t ns;
	int err = check_clock(clock);

	if (!err)
		err = time_from_user(&ns, request_user, time64);
	if (err)
		return err;
	if (!(flags & TIMER_ABSTIME))
		return sleep_for(ns, rem_user, time64);
	if (ns == 0)
		return 0; /* Long past, and no deadline. */
	err = wall ? realtime_sleep(ns) : sleep_until(ns);
	return err ? -ERESTARTNOHAND : 0;
}
