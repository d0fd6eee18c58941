/*
 * proc_pid_status.c: /proc/PID/{stat,status,statm,wchan}: one process, in the numbers that ps and top
 * read. What this kernel does not have is 0, as Linux gives it when it is not configured.
 */

#include "arch/x86/clock.h"
#include "drivers/tty.h"
#include "fs/context.h"
#include "kernel/abi/capability.h"
#include "kernel/abi/resource.h"
#include "kernel/cred.h"
#include "kernel/lib/ksyms.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "kernel/proc_pid_files.h"
#include "kernel/signal.h"
#include "kernel/usage.h"
#include "mm/report.h"

/* Pages of an address space by use. */
struct space_sizes {
	uint32_t total, peak, data, stack, code, lib; /* Mapped. */
	uint32_t locked, tables;
	struct page_sums shown;
};

/* All that is shown about a process or a thread, taken in one go. */
struct snapshot {
	char name[THREAD_NAME_LEN];
	char state;
	pid_t ppid, pgrp, session;
	uint32_t tty, tty_pgrp;
	uint32_t threads;
	uint32_t uid[4], gid[4];
	uint64_t pending, shared_pending, blocked, ignored, caught;
	uint32_t sigqueue;
	struct proc_usage usage, children;
	struct space_sizes size;
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
	case 'I':
		return "I (idle)";
	case 'T':
		return "T (stopped)";
	default:
		return "Z (zombie)";
	}
}

/* A kernel process that waits for work waits for nothing that others would call a delay. */
static char state_letter(const struct thread *t)
{
	if (!t)
		return 'Z';
	switch (t->state) {
	case THREAD_RUNNABLE:
		return 'R';
	case THREAD_SLEEPING_INTERRUPTIBLE:
		return 'S';
	case THREAD_STOPPED:
		return 'T';
	default:
		return t->is_user ? 'D' : 'I';
	}
}

/* The task that is meant, or that stands for the process; NULL when it has ended, though others may
 * live. */
static struct task *task_locked(const struct procfs_who *who)
{
	return proc_task_locked(who->proc, who->tid ? who->tid : who->pid);
}

/* t's thread, or where there is no task the kernel process's; NULL: it is a zombie. */
static const struct thread *thread_locked(const struct proc *p, const struct task *t)
{
	return t ? &t->thread : p->kernel_thread;
}

static void take_tree_locked(struct snapshot *s, struct proc *p, const struct task *t, bool alone)
{
	memcpy(s->name, alone && t ? t->thread.name : p->comm, sizeof(s->name));
	s->state = state_letter(thread_locked(p, t));
	s->ppid = atomic_load(&p->ppid);
	s->pgrp = p->pgrp;
	s->session = p->session;
	s->tty = p->tty ? tty_number(p->tty) : 0;
	s->tty_pgrp = p->tty ? (uint32_t)tty_pgrp(p->tty) : UINT32_MAX;
	s->threads = p->kernel_thread ? 1 : p->task_count;
	s->children = p->child_usage;
	s->pending = t ? t->pending.set : 0;
	s->blocked = t ? t->blocked : 0;
	if (alone && t)
		proc_usage_add_thread(&s->usage, &t->thread);
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

static void add_area(struct space_sizes *s, const struct aspace *as, const struct vma *v)
{
	uint32_t pages = (v->end - v->start) >> PAGE_SHIFT;
	bool in_program = v->start < as->image.code_end && v->end > as->image.code_start;

	if (v->flags & VM_GROWSDOWN)
		s->stack += pages;
	else if ((v->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		s->data += pages;
	else if (v->flags & VM_EXEC)
		*(in_program ? &s->code : &s->lib) += pages;
}

/* page_by_page: what kinds the resident pages are of, not just how many they are. */
static void take_memory(struct space_sizes *s, const struct procfs_who *who, bool page_by_page)
{
	struct aspace *as = proc_who_aspace(who);

	if (!as)
		return;
	rwlock_read_lock(&as->lock);
	for (struct vma *v = vma_first(&as->vmas); v; v = v->next)
		add_area(s, as, v);
	s->total = as->vmas.pages;
	s->peak = as->vmas.pages_peak;
	s->tables = as->tables;
	s->locked = as->locked_pages;
	if (page_by_page)
		report_space(as, &s->shown);
	else
		s->shown.resident = aspace_resident(as);
	rwlock_read_unlock(&as->lock);
	aspace_put(as);
}

static void snapshot_take(struct snapshot *s, const struct procfs_who *who, bool page_by_page)
{
	struct proc *p = who->proc;

	memset(s, 0, sizeof(*s));
	if (!who->tid)
		proc_usage_sum(p, &s->usage);
	spin_lock(&proc_lock);
	take_tree_locked(s, p, task_locked(who), who->tid != 0);
	take_ids_locked(s, p);
	spin_unlock(&proc_lock);
	take_signals(s, p);
	take_memory(&s->size, who, page_by_page);
}

/* ---- stat ---- */

static void stat_times(struct text *t, const struct proc *p, const struct snapshot *s)
{
	const struct proc_usage *u = &s->usage, *c = &s->children;

	text_printf(t, "%u %u %u %u ", u->minor_faults, c->minor_faults, u->major_faults,
		    c->major_faults);
	text_printf(t, "%llu %llu %llu %llu ", ns_to_user_ticks(u->user_ns),
		    ns_to_user_ticks(u->kernel_ns), ns_to_user_ticks(c->user_ns),
		    ns_to_user_ticks(c->kernel_ns));
	text_printf(t, "%d %d %u 0 %llu ", 20 + p->nice, p->nice, s->threads,
		    ns_to_user_ticks(p->start_ns));
}

/* Addresses are for those who may look there anyway; for others 0, and 1 where 0 means a kernel thread. */
static void stat_memory(struct text *t, struct proc *p, const struct snapshot *s)
{
	bool may_look = cred_may_inspect(p);
	struct aspace *as = may_look ? proc_aspace_get(p) : NULL;
	uint32_t code = s->size.total > 0;

	text_printf(t, "%u %u %u ", s->size.total * PAGE_SIZE, s->size.shown.resident,
		    p->limits[RLIMIT_RSS].cur);
	if (as)
		text_printf(t, "%u %u %u 0 0 ", as->image.code_start, as->image.code_end,
			    as->image.stack_start);
	else
		text_printf(t, "%u %u 0 0 0 ", code, code);
	/* Signals fit only with their first 32 bits; wchan, nswap, cnswap. */
	text_printf(t, "%u %u %u %u 0 0 0 ", (uint32_t)s->pending, (uint32_t)s->blocked,
		    (uint32_t)s->ignored, (uint32_t)s->caught);
	/* exit_signal, processor, rt_priority, policy, delayacct, guest times */
	text_printf(t, "%d 0 0 0 0 0 0 ", p->exit_signal);
	if (as)
		text_printf(t, "%u %u %u %u %u %u %u ", as->image.data_start, as->image.data_end,
			    as->brk_start, as->image.arg_start, as->image.arg_end,
			    as->image.env_start, as->image.env_end);
	else
		text_printf(t, "0 0 0 0 0 0 0 ");
	text_printf(t, "%d\n", may_look && s->state == 'Z' ? p->exit_code : 0);
	aspace_put(as);
}

int proc_show_stat(struct text *t, const struct procfs_who *who)
{
	struct snapshot s;

	snapshot_take(&s, who, false);
	text_printf(t, "%d (%s) %c %d %d %d %u %d 0 ", who->tid ? who->tid : who->pid, s.name,
		    s.state, s.ppid, s.pgrp, s.session, s.tty, (int32_t)s.tty_pgrp);
	stat_times(t, who->proc, &s);
	stat_memory(t, who->proc, &s);
	return 0;
}

int proc_show_statm(struct text *t, const struct procfs_who *who)
{
	struct space_sizes s = {0};

	take_memory(&s, who, true);
	text_printf(t, "%u %u %u %u 0 %u 0\n", s.total, s.shown.resident,
		    s.shown.resident - s.shown.anon, s.code, s.data + s.stack);
	return 0;
}

/* ---- wchan ---- */

/* The function in which it sleeps, 0 for none and for those who may not know. Without a newline, as on Linux. */
int proc_show_wchan(struct text *t, const struct procfs_who *who)
{
	const struct thread *thread;
	const char *name = NULL;
	uint32_t offset;

	spin_lock(&proc_lock);
	thread = thread_locked(who->proc, task_locked(who));
	if (thread && atomic_load(&thread->state) != THREAD_RUNNABLE)
		name = ksym_lookup(thread->wchan, &offset);
	spin_unlock(&proc_lock);
	text_printf(t, "%s", name && cred_may_inspect(who->proc) ? name : "0");
	return 0;
}

/* ---- status ---- */

static void status_identity(struct text *t, const struct procfs_who *who, const struct snapshot *s)
{
	struct fs_context *fs = proc_fs_get(who->proc);
	int32_t tid = who->tid ? who->tid : who->pid;

	text_printf(t, "Name:\t");
	text_append_escaped(t, s->name, "");
	if (fs)
		text_printf(t, "\nUmask:\t%04o", atomic_load(&fs->umask));
	fs_context_put(fs);
	text_printf(t, "\nState:\t%s\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n",
		    state_words(s->state), who->pid, tid, s->ppid);
	text_printf(t, "Uid:\t%u\t%u\t%u\t%u\n", s->uid[0], s->uid[1], s->uid[2], s->uid[3]);
	text_printf(t, "Gid:\t%u\t%u\t%u\t%u\n", s->gid[0], s->gid[1], s->gid[2], s->gid[3]);
}

static void status_groups(struct text *t, const struct procfs_who *who, const struct snapshot *s)
{
	struct fdtable *files = proc_files_get(who->proc);
	int32_t tid = who->tid ? who->tid : who->pid;
	struct group_list *g;

	text_printf(t, "FDSize:\t%u\nGroups:\t", files ? files->size : 0);
	fdtable_put(files);
	spin_lock(&proc_lock);
	g = group_list_get(who->proc->groups);
	spin_unlock(&proc_lock);
	for (uint32_t i = 0; g && i < g->count; i++)
		text_printf(t, "%u ", g->gids[i]);
	group_list_put(g);
	text_printf(t, "\nNStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\n", who->pid, tid,
		    s->pgrp, s->session);
}

static void status_memory(struct text *t, const struct snapshot *s)
{
	const struct page_sums *shown = &s->size.shown;
	const struct {
		const char *name;
		uint32_t pages;
	} lines[] = {
		{"VmPeak", s->size.peak},
		{"VmSize", s->size.total},
		{"VmLck", s->size.locked},
		{"VmPin", 0},
		{"VmHWM", MAX(s->usage.max_rss, shown->resident)},
		{"VmRSS", shown->resident},
		{"RssAnon", shown->anon},
		{"RssFile", shown->resident - shown->anon - shown->shmem},
		{"RssShmem", shown->shmem},
		{"VmData", s->size.data},
		{"VmStk", s->size.stack},
		{"VmExe", s->size.code},
		{"VmLib", s->size.lib},
		{"VmPTE", s->size.tables},
		{"VmSwap", shown->swap},
	};

	for (uint32_t i = 0; i < ARRAY_SIZE(lines) && s->size.total > 0; i++)
		text_printf(t, "%s:\t%8u kB\n", lines[i].name, lines[i].pages * (PAGE_SIZE / 1024));
}

static void status_signals(struct text *t, const struct proc *p, const struct snapshot *s)
{
	text_printf(t, "Threads:\t%u\nSigQ:\t%u/%u\n", s->threads, s->sigqueue,
		    p->limits[RLIMIT_SIGPENDING].cur);
	text_printf(t, "SigPnd:\t%016llx\nShdPnd:\t%016llx\nSigBlk:\t%016llx\n", s->pending,
		    s->shared_pending, s->blocked);
	text_printf(t, "SigIgn:\t%016llx\nSigCgt:\t%016llx\n", s->ignored, s->caught);
}

/* Root has all capabilities, others none; nothing is inherited or kept from anybody. */
static void status_rights(struct text *t, const struct proc *p, const struct snapshot *s)
{
	const uint64_t all = (1ull << (CAP_LAST_CAP + 1)) - 1, held = s->uid[1] == 0 ? all : 0;

	text_printf(t, "CapInh:\t%016x\nCapPrm:\t%016llx\nCapEff:\t%016llx\n", 0, held, held);
	text_printf(t, "CapBnd:\t%016llx\nCapAmb:\t%016x\n", all, 0);
	text_printf(t, "NoNewPrivs:\t%d\nSeccomp:\t0\nSeccomp_filters:\t0\n", p->no_new_privs);
}

int proc_show_status(struct text *t, const struct procfs_who *who)
{
	struct snapshot s;

	snapshot_take(&s, who, true);
	status_identity(t, who, &s);
	status_groups(t, who, &s);
	status_memory(t, &s);
	status_signals(t, who->proc, &s);
	status_rights(t, who->proc, &s);
	text_printf(t, "Cpus_allowed:\t1\nCpus_allowed_list:\t0\n");
	text_printf(t, "Mems_allowed:\t1\nMems_allowed_list:\t0\n");
	text_printf(t, "voluntary_ctxt_switches:\t%u\nnonvoluntary_ctxt_switches:\t%u\n",
		    s.usage.switches_voluntary, s.usage.switches_forced);
	return 0;
}
