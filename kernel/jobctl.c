/*
 * jobctl.c: what terminals ask about processes. See jobctl.h and drivers/tty.h.
 *
 * Lock: proc_lock, under which a terminal's own lock is taken. Signals are sent after it was released.
 */

#include "kernel/jobctl.h"

#include "drivers/tty.h"
#include "kernel/abi/errno.h"
#include "kernel/signal_internal.h"

static struct tty *controlling(void)
{
	return atomic_load(&proc_current()->tty);
}

static int32_t session(void)
{
	return proc_current()->session;
}

static int32_t group_session(int32_t pgrp)
{
	int32_t found;

	spin_lock(&proc_lock);
	found = pgrp_session_locked(pgrp);
	spin_unlock(&proc_lock);
	return found ? found : -ESRCH;
}

static void signal_group(int32_t pgrp, int sig)
{
	(void)signal_send_pgrp(pgrp, sig, NULL);
}

/* ---- getting and losing a terminal ---- */

struct lose {
	struct tty *tty;
	pid_t session;
};

static bool lose_one(struct proc *p, void *arg)
{
	const struct lose *l = arg;

	if (p->session == l->session && p->tty == l->tty)
		p->tty = NULL;
	return true;
}

/* tty becomes nobody's. Its foreground group at this moment, 0 for none. */
static pid_t take_from_session(struct tty *tty, pid_t from)
{
	struct lose l = {tty, from};
	pid_t pgrp = tty_pgrp(tty);

	tty_set_session(tty, 0, 0);
	proc_each(lose_one, &l);
	return pgrp;
}

static bool can_have_terminal(const struct proc *p)
{
	return p->session == p->pid && !p->tty;
}

static int acquire(struct tty *tty, bool steal)
{
	struct proc *p = proc_current();
	pid_t owner = tty_session(tty);
	int err = -EPERM;

	if (p->session == p->pid && p->tty == tty && owner == p->session)
		return 0;
	if (owner && steal && p->euid == 0 && can_have_terminal(p))
		(void)take_from_session(tty, owner);
	spin_lock(&proc_lock);
	if (can_have_terminal(p) && tty_session(tty) == 0) {
		p->tty = tty;
		tty_set_session(tty, p->session, p->pgrp);
		err = 0;
	}
	spin_unlock(&proc_lock);
	return err;
}

static int release(struct tty *tty)
{
	struct proc *p = proc_current();
	pid_t pgrp;

	if (p->session != p->pid) {
		spin_lock(&proc_lock);
		p->tty = NULL;
		spin_unlock(&proc_lock);
		return 0;
	}
	pgrp = take_from_session(tty, p->session);
	if (pgrp > 0) {
		(void)signal_send_pgrp(pgrp, SIGHUP, NULL);
		(void)signal_send_pgrp(pgrp, SIGCONT, NULL); /* Stopped, it would not hear it. */
	}
	return 0;
}

void jobctl_exit(struct proc *p)
{
	struct tty *tty = atomic_load(&p->tty);
	pid_t pgrp;

	if (!tty || p->session != p->pid)
		return;
	pgrp = take_from_session(tty, p->session);
	tty_hangup(tty);
	if (pgrp > 0)
		(void)signal_send_pgrp(pgrp, SIGHUP, NULL);
}

/* ---- the background ---- */

static bool is_background(const struct proc *p, struct tty *tty)
{
	pid_t foreground = tty_pgrp(tty);

	return atomic_load(&p->tty) == tty && foreground != 0 && foreground != p->pgrp;
}

/* Would sig do nothing to the caller? */
static bool is_refused(struct proc *p, int sig)
{
	uint32_t flags = spin_lock_irq(&p->sig_lock);
	bool refused =
		task_current()->blocked & SIGBIT(sig) || p->actions[sig - 1].handler == SIG_IGN;

	spin_unlock_irq(&p->sig_lock, flags);
	return refused;
}

static bool is_orphaned(const struct proc *p)
{
	bool orphaned;

	spin_lock(&proc_lock);
	orphaned = pgrp_is_orphaned_locked(p->pgrp, NULL);
	spin_unlock(&proc_lock);
	return orphaned;
}

/* Stop the caller's group; what it was about to do starts again when it continues. */
static int stop_group(struct proc *p, int sig)
{
	if (is_orphaned(p))
		return -EIO; /* Nobody could continue it. */
	(void)signal_send_pgrp(p->pgrp, sig, NULL);
	return -ERESTARTSYS;
}

static int check_read(struct tty *tty)
{
	struct proc *p = proc_current();

	if (!is_background(p, tty))
		return 0;
	return is_refused(p, SIGTTIN) ? -EIO : stop_group(p, SIGTTIN);
}

static int check_change(struct tty *tty)
{
	struct proc *p = proc_current();

	if (!is_background(p, tty) || is_refused(p, SIGTTOU))
		return 0;
	return stop_group(p, SIGTTOU);
}

static const struct tty_jobctl_ops ops = {
	.controlling = controlling,
	.session = session,
	.group_session = group_session,
	.acquire = acquire,
	.release = release,
	.check_read = check_read,
	.check_change = check_change,
	.signal_group = signal_group,
};

void jobctl_init(void)
{
	tty_set_jobctl(&ops);
}
