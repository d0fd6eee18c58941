/*
 * signal.c: pending signals: sending them and taking them off again.
 *
 * A signal is pending for a process or for one task. Below SIGRTMIN a second one of the same number is
 * dropped while the first is pending; from there on each is queued. Who sends does it under proc_lock,
 * so that the tasks of the receiver stay and a stop or continue is one step; the queues have the
 * receiver's sig_lock, which delivery takes alone.
 *
 * A sender interrupts one task that can take the signal. If that task blocks the signal first, or exits,
 * it finds another (signal_retarget_locked).
 *
 * Init takes only what it has a handler for: it must not die by a mistake of others.
 */

#include "kernel/signal.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/signal_internal.h"

/* ---- discarding ---- */

void signal_discard_locked(struct proc *p, uint64_t set)
{
	struct list out = LIST_INIT(out);
	uint32_t flags = spin_lock_irq(&p->sig_lock);
	struct task *t;

	sigpending_discard(&p->pending, set, &out);
	list_for_each_entry(t, &p->tasks, proc_link)
		sigpending_discard(&t->pending, set, &out);
	spin_unlock_irq(&p->sig_lock, flags);
	sigqueue_free_all(&out);
}

/* ---- who takes it; sig_lock held ---- */

static bool wants(const struct task *t, int sig)
{
	return !t->leaving && SIGBIT(sig) & (~t->blocked | t->sigwait);
}

static void interrupt_taker(struct proc *p, int sig)
{
	struct task *t;

	list_for_each_entry(t, &p->tasks, proc_link) {
		if (wants(t, sig)) {
			thread_interrupt(&t->thread, sig == SIGKILL);
			if (sig != SIGKILL)
				return; /* All others sleep on; a death concerns each. */
		}
	}
}

void signal_retarget_locked(struct proc *p, uint64_t set)
{
	set &= p->pending.set;
	for (int sig = 1; set; sig++, set >>= 1)
		if (set & 1)
			interrupt_taker(p, sig);
}

/* Would sig be taken by t, sooner or later, only to do nothing? */
static bool is_lost_on(const struct task *t, int sig)
{
	const struct proc *p = t->proc;
	uint32_t handler = p->actions[sig - 1].handler;

	if (SIGBIT(sig) & (t->blocked | t->sigwait))
		return false; /* It may have a handler by the time it is unblocked. */
	if (handler == SIG_DFL)
		return p == proc_init || SIGNALS_IGNORED & SIGBIT(sig);
	return handler == SIG_IGN;
}

static struct task *first_taker(const struct proc *p)
{
	struct task *t;

	list_for_each_entry(t, &p->tasks, proc_link)
		if (!t->leaving)
			return t;
	return NULL;
}

/* ---- sending ---- */

static bool limit_reached(const struct proc *p, const struct sigpending *s, int sig,
			  const struct siginfo *info)
{
	if (sig < SIGRTMIN && (!info || info->code >= 0))
		return false; /* One of a number at most, and who sends it is somebody's fault or timer. */
	return s->count >= p->limits[RLIMIT_SIGPENDING].cur;
}

/* NULL when there is no memory or the limit is reached. */
static struct sigqueue *entry_alloc(const struct proc *p, struct sigpending *s, int sig,
				    const struct siginfo *info)
{
	return limit_reached(p, s, sig, info) ? NULL : sigqueue_alloc(s, sig, info);
}

/* Some signals undo others before they do anything else, even if they are blocked. */
static void prepare_locked(struct proc *p, int sig)
{
	switch (sig) {
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		signal_discard_locked(p, SIGBIT(SIGCONT));
		return;
	case SIGCONT:
		signal_discard_locked(p, SIGNALS_STOP);
		stop_end_locked(p, true);
		return;
	case SIGKILL:
		stop_end_locked(p, false);
	}
}

/* Queue and interrupt; *q is cleared when it was used. sig_lock held. */
static int enqueue(struct proc *p, struct task *t, int sig, const struct siginfo *info,
		   struct sigqueue **q)
{
	struct sigpending *s = t ? &t->pending : &p->pending;
	bool plain = !info || info->code == SI_USER;

	if (sig < SIGRTMIN && s->set & SIGBIT(sig))
		return 0;
	if (!*q && sig >= SIGRTMIN && !plain)
		return -EAGAIN; /* What sigqueue(3) sends must not lose its value. */
	sigpending_add(s, sig, *q);
	*q = NULL;
	if (!t)
		interrupt_taker(p, sig);
	else if (wants(t, sig))
		thread_interrupt(&t->thread, sig == SIGKILL);
	return 0;
}

int signal_send_locked(struct proc *p, struct task *t, int sig, const struct siginfo *info)
{
	struct task *taker = t ? t : first_taker(p);
	struct sigqueue *q;
	uint32_t flags;
	int err = 0;

	if (sig == 0 || !taker || taker->leaving)
		return 0;
	prepare_locked(p, sig);
	q = entry_alloc(p, t ? &t->pending : &p->pending, sig, info);
	flags = spin_lock_irq(&p->sig_lock);
	if (!is_lost_on(taker, sig))
		err = enqueue(p, sig == SIGKILL ? NULL : t, sig, info, &q);
	spin_unlock_irq(&p->sig_lock, flags);
	sigqueue_free(q);
	return err;
}

int signal_send_proc_locked(struct proc *p, int sig, const struct siginfo *info)
{
	return signal_send_locked(p, NULL, sig, info);
}

int signal_send_proc(struct proc *p, int sig, const struct siginfo *info)
{
	int err;

	spin_lock(&proc_lock);
	err = signal_send_locked(p, NULL, sig, info);
	spin_unlock(&proc_lock);
	return err;
}

int signal_send_task(struct task *t, int sig, const struct siginfo *info)
{
	int err;

	spin_lock(&proc_lock);
	err = signal_send_locked(t->proc, t, sig, info);
	spin_unlock(&proc_lock);
	return err;
}

struct group_send {
	pid_t pgrp;
	int sig;
	const struct siginfo *info;
	int result;
};

static bool send_to_member(struct proc *p, void *arg)
{
	struct group_send *g = arg;

	if (p->pgrp == g->pgrp)
		g->result = signal_send_locked(p, NULL, g->sig, g->info);
	return true;
}

int signal_send_pgrp(pid_t pgrp, int sig, const struct siginfo *info)
{
	struct group_send g = {pgrp, sig, info, -ESRCH};

	proc_each(send_to_member, &g);
	return g.result;
}

/* ---- entries of timers ---- */

int signal_send_entry(struct proc *p, pid_t tid, struct sigqueue *entry, uint32_t times)
{
	int sig = entry->info.signo, err = 0;
	struct task *t, *taker;
	uint32_t flags;

	spin_lock(&proc_lock);
	t = tid ? proc_task_locked(p, tid) : NULL;
	taker = tid ? t : first_taker(p);
	if (!taker)
		err = -ESRCH;
	else
		prepare_locked(p, sig);
	flags = spin_lock_irq(&p->sig_lock);
	if (!list_empty(&entry->link)) {
		entry->info.overrun += (int32_t)times;
	} else if (taker && !taker->leaving && !is_lost_on(taker, sig)) {
		entry->info.overrun = (int32_t)times - 1;
		sigpending_add(t ? &t->pending : &p->pending, sig, entry);
		if (!t)
			interrupt_taker(p, sig);
		else if (wants(t, sig))
			thread_interrupt(&t->thread, sig == SIGKILL);
	}
	spin_unlock_irq(&p->sig_lock, flags);
	spin_unlock(&proc_lock);
	return err;
}

/* The queue that holds entry. proc_lock and sig_lock held. */
static struct sigpending *queue_of(struct proc *p, const struct sigqueue *entry)
{
	struct sigqueue *q;
	struct task *t;

	list_for_each_entry(t, &p->tasks, proc_link)
		list_for_each_entry(q, &t->pending.queue, link)
			if (q == entry)
				return &t->pending;
	return &p->pending;
}

void signal_take_back(struct proc *p, struct sigqueue *entry)
{
	uint32_t flags;

	spin_lock(&proc_lock);
	flags = spin_lock_irq(&p->sig_lock);
	if (!list_empty(&entry->link))
		sigpending_remove(queue_of(p, entry), entry);
	spin_unlock_irq(&p->sig_lock, flags);
	spin_unlock(&proc_lock);
}

/* ---- taking ---- */

/* The signal to take first: the CPU's, then by number. set is not empty. */
static int first_of(uint64_t set)
{
	if (set & SIGNALS_SYNCHRONOUS)
		set &= SIGNALS_SYNCHRONOUS;
	return __builtin_ctzll(set) + 1;
}

static void take_action(struct proc *p, int sig, struct sigaction_k *act)
{
	struct sigaction_k *current = &p->actions[sig - 1];

	*act = *current;
	if (act->handler > SIG_IGN && act->flags & SA_RESETHAND)
		current->handler = SIG_DFL;
}

int signal_take(struct task *t, uint64_t set, struct siginfo *info, struct sigaction_k *act)
{
	struct proc *p = t->proc;
	struct sigqueue *q = NULL;
	uint32_t flags = spin_lock_irq(&p->sig_lock);
	struct sigpending *s = t->pending.set & set ? &t->pending : &p->pending;
	int sig = 0;

	if (s->set & set) {
		sig = first_of(s->set & set);
		q = sigpending_take(s, sig, info);
		if (act)
			take_action(p, sig, act);
	}
	spin_unlock_irq(&p->sig_lock, flags);
	sigqueue_free(q);
	return sig;
}

/* ---- faults ---- */

void signal_force(int sig, const struct siginfo *info)
{
	struct task *t = task_current();
	struct proc *p = t->proc;
	uint32_t flags = spin_lock_irq(&p->sig_lock);
	struct sigaction_k *act = &p->actions[sig - 1];

	if (t->blocked & SIGBIT(sig) || act->handler == SIG_IGN)
		act->handler = SIG_DFL;
	t->blocked &= ~SIGBIT(sig);
	if (!(t->pending.set & SIGBIT(sig)) && list_empty(&t->fault_entry.link)) {
		t->fault_entry.info = *info;
		sigpending_add(&t->pending, sig, &t->fault_entry);
	}
	t->pending.set |= SIGBIT(sig);
	thread_interrupt(&t->thread, false);
	spin_unlock_irq(&p->sig_lock, flags);
}
