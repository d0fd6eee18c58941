/*
 * sys_signal.c: actions, masks and waiting for signals.
 *
 * A task that waits for signals by sigtimedwait keeps them blocked and says so in task->sigwait: senders
 * interrupt it as if they were not, and it takes them itself.
 */

#include "kernel/syscall.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/signal_internal.h"
#include "kernel/time.h"

#define SET_SIZE sizeof(uint64_t)

static int info_to_user(uint32_t user, const struct siginfo *info)
{
	const struct siginfo_user whole = {.info = *info};

	return copy_to_user((void __user *)user, &whole, sizeof(whole));
}

static int set_from_user(uint64_t *set, uint32_t user)
{
	return copy_from_user(set, (const void __user *)user, sizeof(*set));
}

/* ---- actions ---- */

/* Does this action throw sig away? */
static bool ignores(const struct sigaction_k *act, int sig)
{
	return act->handler == SIG_IGN ||
	       (act->handler == SIG_DFL && SIGNALS_IGNORED & SIGBIT(sig));
}

/* new NULL: only read. 0 or -EINVAL. */
static int action_exchange(uint32_t sig, const struct sigaction_k *new, struct sigaction_k *old)
{
	struct proc *p = proc_current();
	struct sigaction_k *act;
	uint32_t flags;

	if (sig < 1 || sig > NSIG || (new &&SIGNALS_UNBLOCKABLE &SIGBIT(sig)))
		return -EINVAL;
	act = &p->actions[sig - 1];
	flags = spin_lock_irq(&p->sig_lock);
	*old = *act;
	if (new) {
		*act = *new;
		act->flags &= SA_KNOWN;
		act->mask &= ~SIGNALS_UNBLOCKABLE;
	}
	spin_unlock_irq(&p->sig_lock, flags);
	/* POSIX 2.4.3: what is pending and now ignored is discarded, blocked or not. */
	if (new &&ignores(new, (int)sig)) {
		spin_lock(&proc_lock);
		signal_discard_locked(p, SIGBIT(sig));
		spin_unlock(&proc_lock);
	}
	return 0;
}

int32_t sys_rt_sigaction(uint32_t sig, uint32_t new_user, uint32_t old_user, uint32_t size)
{
	struct sigaction_k new, old;
	int err;

	if (size != SET_SIZE)
		return -EINVAL;
	if (new_user && copy_from_user(&new, (const void __user *)new_user, sizeof(new)))
		return -EFAULT;
	err = action_exchange(sig, new_user ? &new : NULL, &old);
	if (err || !old_user)
		return err;
	return copy_to_user((void __user *)old_user, &old, sizeof(old));
}

/* ---- masks ---- */

/* 0 and *mask changed by set as how says, or -EINVAL. */
static int mask_change(uint64_t *mask, uint32_t how, uint64_t set)
{
	switch (how) {
	case SIG_BLOCK:
		*mask |= set;
		return 0;
	case SIG_UNBLOCK:
		*mask &= ~set;
		return 0;
	case SIG_SETMASK:
		*mask = set;
		return 0;
	default:
		return -EINVAL;
	}
}

int32_t sys_rt_sigprocmask(uint32_t how, uint32_t new_user, uint32_t old_user, uint32_t size)
{
	uint64_t old = task_current()->blocked, mask = old, set;
	int err;

	if (size != SET_SIZE)
		return -EINVAL;
	if (new_user) {
		if (set_from_user(&set, new_user))
			return -EFAULT;
		err = mask_change(&mask, how, set);
		if (err)
			return err;
		signal_set_blocked(mask);
	}
	return old_user ? copy_to_user((void __user *)old_user, &old, sizeof(old)) : 0;
}

static uint64_t pending_and_blocked(void)
{
	struct task *t = task_current();
	uint32_t flags = spin_lock_irq(&t->proc->sig_lock);
	uint64_t set = (t->pending.set | t->proc->pending.set) & t->blocked;

	spin_unlock_irq(&t->proc->sig_lock, flags);
	return set;
}

int32_t sys_rt_sigpending(uint32_t set_user, uint32_t size)
{
	uint64_t set = pending_and_blocked();

	if (size > SET_SIZE)
		return -EINVAL;
	return copy_to_user((void __user *)set_user, &set, size);
}

/* ---- waiting ---- */

int32_t sys_pause(void)
{
	int err;

	do {
		thread_sleep_prepare(THREAD_SLEEPING_INTERRUPTIBLE);
		err = thread_sleep(0);
	} while (err != -EINTR);
	return -ERESTARTNOHAND;
}

int32_t sys_rt_sigsuspend(uint32_t mask_user, uint32_t size)
{
	uint64_t mask;

	if (size != SET_SIZE)
		return -EINVAL;
	if (set_from_user(&mask, mask_user))
		return -EFAULT;
	signal_begin_temporary(mask);
	return sys_pause(); /* The old mask comes back with the signal. */
}

static void sigwait_set(struct task *t, uint64_t set)
{
	uint32_t flags = spin_lock_irq(&t->proc->sig_lock);

	t->sigwait = set;
	spin_unlock_irq(&t->proc->sig_lock, flags);
}

/* deadline 0: for ever. The signal, -EAGAIN when time is up, -EINTR for a signal that is not in set. */
static int32_t wait_for(struct task *t, uint64_t set, uint64_t deadline, struct siginfo *info)
{
	int err = 0, sig;

	sigwait_set(t, set);
	for (;;) {
		thread_sleep_prepare(THREAD_SLEEPING_INTERRUPTIBLE);
		sig = signal_take(t, set, info, NULL);
		if (sig || err)
			break;
		err = thread_sleep(deadline);
	}
	thread_sleep_cancel();
	sigwait_set(t, 0);
	signal_recalc(); /* Its senders interrupted us. */
	if (sig)
		return sig;
	return err == -ETIMEDOUT ? -EAGAIN : err;
}

int32_t sys_rt_sigtimedwait(uint32_t set_user, uint32_t info_user, uint32_t timeout_user,
			    uint32_t size, bool time64)
{
	uint64_t set, timeout, deadline = 0;
	struct siginfo info;
	int32_t result;
	int err;

	if (size != SET_SIZE)
		return -EINVAL;
	if (set_from_user(&set, set_user))
		return -EFAULT;
	if (timeout_user) {
		err = time_from_user(&timeout, timeout_user, time64);
		if (err)
			return err;
		deadline = time_after(timeout);
	}
	result = wait_for(task_current(), set & ~SIGNALS_UNBLOCKABLE, deadline, &info);
	if (result > 0 && info_user && info_to_user(info_user, &info))
		return -EFAULT;
	return result;
}
