/*
 * proc_pid_status.c: /proc/PID/{stat,status,statm}: one process, in the numbers that ps and top
 * read. What this kernel does not have is 0, as Linux gives it when it is not configured.
 */

#include "arch/x86/clock.h"
#include "drivers/tty.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/proc_pid_files.h"
#include "kernel/signal.h"
#include "kernel/usage.h"

/* All that is shown about a process, taken in one go. */
struct snapshot {
	struct proc *proc; /* A reference. */
	char state;
	pid_t ppid, pgrp, session;
	uint32_t tty, tty_pgrp;
	uint32_t threads;
	uint32_t uid[4], gid[4];
	uint64_t pending, shared_pending, blocked, ignored, caught;
	uint32_t sigqueue;
	struct proc_usage usage, children;
	struct aspace_sizes size;
	uint32_t tables;
	uint32_t sp, ip;
};

static const char *state_words(char state)
{
	switch (state) {
	case 'R':
		return "R (running)";
	case 'S':
		return "S (sleeping)";
	case 'D':
		return "D (disk sleep)";
	case 'T':
		return "T (stopped)";
	default:
		return "Z (zombie)";
	}
}

static char state_letter(const struct proc *p, const struct task *t)
{
	if (p->state == PROC_ZOMBIE || !t)
		return 'Z';
	switch (t->thread.state) {
	case THREAD_RUNNABLE:
		return 'R';
	case THREAD_SLEEPING_INTERRUPTIBLE:
		return 'S';
	case THREAD_STOPPED:
		return 'T';
	default:
		return 'D';
	}
}

/* The task that stands for the process: its first while that lives. */
static struct task *main_task_locked(struct proc *p)
{
	struct task *t = proc_task_locked(p, p->pid);

	if (!t && !list_empty(&p->tasks))
		t = list_first(&p->tasks, struct task, proc_link);
	return t;
}

static void take_tree_locked(struct snapshot *s, struct proc *p, const struct task *t)
{
	s->state = state_letter(p, t);
	s->ppid = p->parent ? p->parent->pid : 0;
	s->pgrp = p->pgrp;
	s->session = p->session;
	s->tty = p->tty ? tty_number(p->tty) : 0;
	s->tty_pgrp = p->tty ? (uint32_t)tty_pgrp(p->tty) : UINT32_MAX;
	s->threads = p->task_count;
	s->children = p->child_usage;
	s->pending = t ? t->pending.set : 0;
	s->blocked = t ? t->blocked : 0;
}

static void take_ids_locked(struct snapshot *s, const struct proc *p)
{
	const uint32_t uid[4] = {p->uid, p->euid, p->suid, p->euid};
	const uint32_t gid[4] = {p->gid, p->egid, p->sgid, p->egid};

	memcpy(s->uid, uid, sizeof(uid));
	memcpy(s->gid, gid, sizeof(gid));
}

static void take_signals(struct snapshot *s, struct proc *p)
{
	uint32_t flags = spin_lock_irq(&p->sig_lock);

	s->shared_pending = p->pending.set;
	s->sigqueue = p->pending.count;
	for (uint32_t i = 0; i < NSIG; i++) {
		uint64_t bit = 1ull << i;

		if (p->actions[i].handler == SIG_IGN)
			s->ignored |= bit;
		else if (p->actions[i].handler != SIG_DFL)
			s->caught |= bit;
	}
	spin_unlock_irq(&p->sig_lock, flags);
}

static void take_memory(struct snapshot *s, struct proc *p)
{
	struct aspace *as = proc_aspace_get(p);

	if (!as)
		return;
	aspace_sizes(as, &s->size);
	s->tables = as->tables;
	aspace_put(as);
}

/* 0 with a reference in s->proc, or -ESRCH. */
static int snapshot_take(struct snapshot *s, int32_t pid)
{
	struct proc *p = proc_find(pid);

	if (!p)
		return -ESRCH;
	memset(s, 0, sizeof(*s));
	s->proc = p;
	spin_lock(&proc_lock);
	take_tree_locked(s, p, main_task_locked(p));
	take_ids_locked(s, p);
	spin_unlock(&proc_lock);
	take_signals(s, p);
	take_memory(s, p);
	proc_usage_sum(p, &s->usage);
	return 0;
}

/* ---- stat ---- */

static void stat_times(struct text *t, const struct snapshot *s)
{
	const struct proc_usage *u = &s->usage, *c = &s->children;

	text_printf(t, "%u %u %u %u ", u->minor_faults, c->minor_faults, u->major_faults,
		    c->major_faults);
	text_printf(t, "%llu %llu %llu %llu ", ns_to_user_ticks(u->user_ns),
		    ns_to_user_ticks(u->kernel_ns), ns_to_user_ticks(c->user_ns),
		    ns_to_user_ticks(c->kernel_ns));
	text_printf(t, "%d %d %u 0 %llu ", 20 + s->proc->nice, s->proc->nice, s->threads,
		    ns_to_user_ticks(s->proc->start_ns));
}

static void stat_memory(struct text *t, const struct snapshot *s)
{
	struct aspace *as = proc_aspace_get(s->proc);

	text_printf(t, "%u %u %u ", s->size.total * PAGE_SIZE, s->size.resident,
		    s->proc->limits[RLIMIT_RSS].cur);
	if (as)
		text_printf(t, "%u %u %u 0 0 ", as->image.code_start, as->image.code_end,
			    as->image.stack_start);
	else
		text_printf(t, "0 0 0 0 0 ");
	/* Signals fit only with their first 32 bits; wchan, nswap, cnswap. */
	text_printf(t, "%u %u %u %u 0 0 0 ", (uint32_t)s->pending, (uint32_t)s->blocked,
		    (uint32_t)s->ignored, (uint32_t)s->caught);
	/* exit_signal, processor, rt_priority, policy, delayacct, guest times */
	text_printf(t, "%d 0 0 0 0 0 0 ", s->proc->exit_signal);
	if (as)
		text_printf(t, "%u %u %u %u %u %u %u ", as->image.data_start, as->image.data_end,
			    as->brk_start, as->image.arg_start, as->image.arg_end,
			    as->image.env_start, as->image.env_end);
	else
		text_printf(t, "0 0 0 0 0 0 0 ");
	text_printf(t, "%d\n", s->state == 'Z' ? s->proc->exit_code : 0);
	aspace_put(as);
}

int proc_show_stat(struct text *t, int32_t pid)
{
	struct snapshot s;
	int err = snapshot_take(&s, pid);

	if (err)
		return err;
	text_printf(t, "%d (%s) %c %d %d %d %u %d 0 ", pid, s.proc->comm, s.state, s.ppid, s.pgrp,
		    s.session, s.tty, (int32_t)s.tty_pgrp);
	stat_times(t, &s);
	stat_memory(t, &s);
	proc_put(s.proc);
	return 0;
}

int proc_show_statm(struct text *t, int32_t pid)
{
	struct aspace_sizes size = {0};
	struct aspace *as;
	int err = proc_pid_aspace(pid, &as);

	if (err)
		return err;
	if (as)
		aspace_sizes(as, &size);
	aspace_put(as);
	text_printf(t, "%u %u 0 %u 0 %u 0\n", size.total, size.resident, size.code,
		    size.data + size.stack);
	return 0;
}

/* ---- status ---- */

static void line_kb(struct text *t, const char *name, uint32_t pages)
{
	text_printf(t, "%s:\t%8u kB\n", name, pages * (PAGE_SIZE / 1024));
}

static void status_ids(struct text *t, const struct snapshot *s)
{
	struct group_list *g;

	text_printf(t, "Uid:\t%u\t%u\t%u\t%u\n", s->uid[0], s->uid[1], s->uid[2], s->uid[3]);
	text_printf(t, "Gid:\t%u\t%u\t%u\t%u\n", s->gid[0], s->gid[1], s->gid[2], s->gid[3]);
	spin_lock(&proc_lock);
	g = group_list_get(s->proc->groups);
	spin_unlock(&proc_lock);
	text_printf(t, "Groups:\t");
	for (uint32_t i = 0; g && i < g->count; i++)
		text_printf(t, "%u ", g->gids[i]);
	text_printf(t, "\n");
	group_list_put(g);
}

static void status_memory(struct text *t, const struct snapshot *s)
{
	if (s->size.total == 0)
		return;
	line_kb(t, "VmSize", s->size.total);
	line_kb(t, "VmHWM", MAX(s->usage.max_rss, s->size.resident));
	line_kb(t, "VmRSS", s->size.resident);
	line_kb(t, "VmData", s->size.data);
	line_kb(t, "VmStk", s->size.stack);
	line_kb(t, "VmExe", s->size.code);
	line_kb(t, "VmLib", s->size.lib);
	line_kb(t, "VmPTE", s->tables);
	line_kb(t, "VmSwap", 0);
}

static void status_signals(struct text *t, const struct snapshot *s)
{
	text_printf(t, "Threads:\t%u\nSigQ:\t%u/%u\n", s->threads, s->sigqueue,
		    s->proc->limits[RLIMIT_SIGPENDING].cur);
	text_printf(t, "SigPnd:\t%016llx\nShdPnd:\t%016llx\nSigBlk:\t%016llx\n", s->pending,
		    s->shared_pending, s->blocked);
	text_printf(t, "SigIgn:\t%016llx\nSigCgt:\t%016llx\n", s->ignored, s->caught);
}

int proc_show_status(struct text *t, int32_t pid)
{
	struct snapshot s;
	int err = snapshot_take(&s, pid);

	if (err)
		return err;
	text_printf(t, "Name:\t");
	text_append_escaped(t, s.proc->comm, "");
	text_printf(t, "\nState:\t%s\nTgid:\t%d\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n",
		    state_words(s.state), pid, pid, s.ppid);
	status_ids(t, &s);
	status_memory(t, &s);
	status_signals(t, &s);
	text_printf(t, "NoNewPrivs:\t%d\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n",
		    s.proc->no_new_privs);
	text_printf(t, "voluntary_ctxt_switches:\t%u\nnonvoluntary_ctxt_switches:\t%u\n",
		    s.usage.switches_voluntary, s.usage.switches_forced);
	proc_put(s.proc);
	return 0;
}
