/*
 * time.c: the wall clock, and the forms of struct timespec. See time.h.
 *
 * The offset from clock_now() to the wall clock is where programs read it too, in vdso_data. It is 64 bits
 * wide and read without a lock, from any context: the writer makes changes odd while it writes, and a reader who
 * saw that, or another number afterwards, reads again. Writers have set_lock (RANK_LEAF, interrupts off: no
 * reader may wait for one that was interrupted).
 */

#include "kernel/time.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "drivers/rtc.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/time.h"
#include "kernel/lib/atomic.h"
#include "kernel/sigtimer.h"
#include "kernel/sync/waitq.h"
#include "kernel/vdso.h"

static struct spinlock set_lock = SPINLOCK_INIT("wall clock", RANK_LEAF);
static struct waitq changed = WAITQ_INIT(changed);

uint64_t realtime_now(void)
{
	uint32_t before;
	uint64_t ns;

	do {
		before = realtime_changes();
		ns = vdso_data->wall_offset;
		__asm__ volatile("" ::: "memory");
	} while (before & 1 || before != realtime_changes());
	return ns + clock_now();
}

uint32_t realtime_changes(void)
{
	return atomic_load(&vdso_data->changes);
}

void realtime_set(uint64_t ns)
{
	uint32_t flags = spin_lock_irq(&set_lock);
	uint64_t new = ns - clock_now();
	int64_t by = (int64_t)(new - vdso_data->wall_offset);

	atomic_inc(&vdso_data->changes);
	vdso_data->wall_offset = new;
	atomic_inc(&vdso_data->changes);
	spin_unlock_irq(&set_lock, flags);
	waitq_wake_all(&changed);
	sigtimer_wall_moved(by);
}

void time_init(void)
{
	realtime_set(rtc_read_epoch() * NSEC_PER_SEC);
}

int realtime_sleep(uint64_t ns)
{
	for (;;) {
		uint32_t seen = realtime_changes();
		uint64_t now = realtime_now();
		int err;

		if (now >= ns)
			return 0;
		err = waitq_wait_event_interruptible(&changed, realtime_changes() != seen,
						     time_after(ns - now));
		if (err == -EINTR)
			return err;
	}
}

uint64_t time_after(uint64_t ns)
{
	uint64_t now = clock_now();

	return ns < TIME_MAX_NS - now ? now + ns : TIME_MAX_NS;
}

/* ---- users' forms ---- */

int timespec_from_user(struct timespec_time64 *ts, uint32_t user, bool time64)
{
	struct timespec32 old;

	if (time64)
		return copy_from_user(ts, (const void __user *)user, sizeof(*ts));
	if (copy_from_user(&old, (const void __user *)user, sizeof(old)))
		return -EFAULT;
	*ts = (struct timespec_time64){.sec = old.sec, .nsec = old.nsec};
	return 0;
}

int time_from_user(uint64_t *ns, uint32_t user, bool time64)
{
	struct timespec_time64 wide;

	if (timespec_from_user(&wide, user, time64))
		return -EFAULT;
	if (wide.sec < 0 || wide.nsec < 0 || (uint32_t)wide.nsec >= NSEC_PER_SEC)
		return -EINVAL;
	if ((uint64_t)wide.sec >= TIME_MAX_NS / NSEC_PER_SEC)
		*ns = TIME_MAX_NS;
	else
		*ns = (uint64_t)wide.sec * NSEC_PER_SEC + (uint32_t)wide.nsec;
	return 0;
}

int time_to_user(uint32_t user, uint64_t ns, bool time64)
{
	const struct timespec_time64 wide = {
		.sec = (int64_t)(ns / NSEC_PER_SEC),
		.nsec = (int32_t)(ns % NSEC_PER_SEC),
	};
	const struct timespec32 old = {(int32_t)wide.sec, wide.nsec};

	if (time64)
		return copy_to_user((void __user *)user, &wide, sizeof(wide));
	return copy_to_user((void __user *)user, &old, sizeof(old));
}
