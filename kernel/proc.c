/*
 * proc.c: the table and the tree of processes.
 *
 * A number is in use while it is anybody's pid, tid, process group or session: pid_uses counts. A
 * process is in the table from proc_link_locked (fork) to proc_unlink_locked (a parent's wait), and
 * its place there is one reference.
 *
 * Lock: proc_lock guards everything here.
 */

#include "kernel/proc_internal.h"

#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/cmdline.h"
#include "kernel/signal.h"
#include "mm/kmalloc.h"
#include "mm/kstack.h"
#include "mm/pmm.h"

#define HASH_SIZE 256u
#define PID_RESERVED 300 /* Linux's: later rounds leave small numbers to the first processes. */
#define TASKS_MAX 2000u	 /* Below the number of kernel stack slots. */

KMEM_CACHE(proc_cache, struct proc);
KMEM_CACHE(task_cache, struct task);
KMEM_CACHE(fpu_cache, struct fpu_state);

struct spinlock proc_lock = SPINLOCK_INIT("processes", RANK_POLICY);
struct proc *proc_init;

static struct list all_procs = LIST_INIT(all_procs);
static struct list pid_hash[HASH_SIZE], tid_hash[HASH_SIZE]; /* All zero until first used. */
static uint16_t pid_uses[PID_MAX];
static pid_t last_pid = PID_INIT;
static uint32_t procs, tasks;

/* ---- numbers ---- */

void pid_use_locked(pid_t pid)
{
	ASSERT(spin_is_held(&proc_lock));
	pid_uses[pid]++;
}

void pid_unuse_locked(pid_t pid)
{
	ASSERT(spin_is_held(&proc_lock) && pid_uses[pid] > 0);
	pid_uses[pid]--;
}

pid_t pid_alloc_locked(void)
{
	pid_t pid = last_pid;

	for (uint32_t i = 0; i < PID_MAX; i++) {
		if (++pid >= PID_MAX)
			pid = PID_RESERVED;
		if (pid_uses[pid] != 0)
			continue;
		pid_use_locked(pid);
		last_pid = pid;
		return pid;
	}
	return 0;
}

pid_t proc_last_pid(void)
{
	return last_pid;
}

/* ---- the table ---- */

static struct list *bucket(struct list *hash, pid_t number)
{
	struct list *head = &hash[(uint32_t)number % HASH_SIZE];

	if (!head->next)
		list_init(head);
	return head;
}

struct proc *proc_find_locked(pid_t pid)
{
	struct proc *p;

	list_for_each_entry(p, bucket(pid_hash, pid), pid_link)
		if (p->pid == pid)
			return p;
	return NULL;
}

struct proc *proc_find(pid_t pid)
{
	struct proc *p;

	spin_lock(&proc_lock);
	p = proc_find_locked(pid);
	if (p)
		proc_get(p);
	spin_unlock(&proc_lock);
	return p;
}

struct proc *proc_find_by_tid(pid_t tid)
{
	struct proc *found = NULL;
	struct task *t;

	spin_lock(&proc_lock);
	list_for_each_entry(t, bucket(tid_hash, tid), tid_link)
		if (t->tid == tid)
			found = proc_get(t->proc);
	spin_unlock(&proc_lock);
	return found;
}

struct task *proc_task_locked(struct proc *p, pid_t tid)
{
	struct task *t;

	list_for_each_entry(t, &p->tasks, proc_link)
		if (t->tid == tid)
			return t;
	return NULL;
}

void proc_each(bool (*fn)(struct proc *p, void *arg), void *arg)
{
	struct proc *p;

	spin_lock(&proc_lock);
	list_for_each_entry(p, &all_procs, all_link)
		if (!fn(p, arg))
			break;
	spin_unlock(&proc_lock);
}

pid_t proc_next_pid(pid_t from)
{
	pid_t pid = MAX(from, 1);

	spin_lock(&proc_lock);
	while (pid < PID_MAX && !(pid_uses[pid] != 0 && proc_find_locked(pid)))
		pid++;
	spin_unlock(&proc_lock);
	return pid < PID_MAX ? pid : 0;
}

uint32_t proc_count(void)
{
	return atomic_load(&procs);
}

uint32_t task_count(void)
{
	return atomic_load(&tasks);
}

uint32_t task_limit(void)
{
	static uint32_t limit;

	if (limit == 0)
		limit = (uint32_t)cmdline_get_size(
			"maxproc",
			MIN(TASKS_MAX, frame_total_count() / 8 / (KSTACK_SIZE / PAGE_SIZE)));
	return limit;
}

uint32_t task_count_of_user_locked(uint32_t uid)
{
	uint32_t n = 0;
	struct proc *p;

	list_for_each_entry(p, &all_procs, all_link)
		if (p->uid == uid)
			n += MAX(p->task_count, 1); /* A zombie counts: it holds a pid. */
	return n;
}

void proc_link_locked(struct proc *p)
{
	ASSERT(spin_is_held(&proc_lock));
	pid_use_locked(p->pgrp);
	pid_use_locked(p->session);
	list_add_tail(bucket(pid_hash, p->pid), &p->pid_link);
	list_add_tail(&all_procs, &p->all_link);
	if (p->parent)
		list_add_tail(&p->parent->children, &p->sibling);
	procs++;
}

void proc_unlink_locked(struct proc *p)
{
	ASSERT(spin_is_held(&proc_lock));
	list_remove(&p->sibling);
	list_remove(&p->all_link);
	list_remove(&p->pid_link);
	pid_unuse_locked(p->session);
	pid_unuse_locked(p->pgrp);
	pid_unuse_locked(p->pid);
	procs--;
}

void task_link_locked(struct task *t)
{
	ASSERT(spin_is_held(&proc_lock));
	list_add_tail(&t->proc->tasks, &t->proc_link);
	list_add_tail(bucket(tid_hash, t->tid), &t->tid_link);
	t->thread.id = t->tid;
	t->proc->task_count++;
	t->proc->tasks_staying++;
	tasks++;
}

void task_unlink_locked(struct task *t)
{
	ASSERT(spin_is_held(&proc_lock));
	list_remove(&t->proc_link);
	list_remove(&t->tid_link);
	pid_unuse_locked(t->tid);
	t->proc->task_count--;
	tasks--;
}

/* ---- birth and death of the objects ---- */

struct proc *proc_alloc(void)
{
	struct proc *p = kmem_cache_zalloc(&proc_cache);

	if (!p)
		return NULL;
	p->refs = 1;
	list_init(&p->children);
	list_init(&p->sibling);
	list_init(&p->pid_link);
	list_init(&p->all_link);
	list_init(&p->tasks);
	waitq_init(&p->child_wait);
	waitq_init(&p->task_wait);
	signal_init_proc(p);
	return p;
}

void proc_put(struct proc *p)
{
	if (!p || atomic_dec_return(&p->refs) != 0)
		return;
	sigpending_flush(&p->pending);
	group_list_put(p->groups);
	kmem_cache_free(&proc_cache, p);
}

struct task *task_alloc(struct proc *p, const char *name)
{
	struct task *t = kmem_cache_zalloc(&task_cache);

	if (!t)
		return NULL;
	thread_init(&t->thread, name);
	t->thread.is_user = true;
	t->proc = p;
	list_init(&t->proc_link);
	list_init(&t->tid_link);
	signal_init_task(t);
	t->thread.kstack = kstack_alloc();
	t->thread.context.fpu = kmem_cache_alloc(&fpu_cache);
	if (t->thread.kstack && t->thread.context.fpu)
		return t;
	if (t->thread.kstack)
		kstack_free(t->thread.kstack);
	kmem_cache_free(&fpu_cache, t->thread.context.fpu);
	kmem_cache_free(&task_cache, t);
	return NULL;
}

void task_free(struct task *t)
{
	while (!thread_is_off_cpu(&t->thread))
		thread_yield();
	task_discard(t);
}

void task_discard(struct task *t)
{
	sigpending_flush(&t->pending);
	kstack_free(t->thread.kstack);
	kmem_cache_free(&fpu_cache, t->thread.context.fpu);
	kmem_cache_free(&task_cache, t);
}

/* ---- looking into another process ---- */

struct aspace *proc_aspace_get(struct proc *p)
{
	struct aspace *as;

	spin_lock(&proc_lock);
	as = p->aspace ? aspace_get(p->aspace) : NULL;
	spin_unlock(&proc_lock);
	return as;
}

struct fdtable *proc_files_get(struct proc *p)
{
	struct fdtable *files;

	spin_lock(&proc_lock);
	files = p->files ? fdtable_get(p->files) : NULL;
	spin_unlock(&proc_lock);
	return files;
}

struct fs_context *proc_fs_get(struct proc *p)
{
	struct fs_context *fs;

	spin_lock(&proc_lock);
	fs = p->fs ? fs_context_get(p->fs) : NULL;
	spin_unlock(&proc_lock);
	return fs;
}

struct file *proc_exe_get(struct proc *p)
{
	struct file *exe;

	spin_lock(&proc_lock);
	exe = p->exe ? file_get(p->exe) : NULL;
	spin_unlock(&proc_lock);
	return exe;
}

/* ---- groups and sessions ---- */

void proc_set_pgrp_locked(struct proc *p, pid_t pgrp)
{
	pid_use_locked(pgrp);
	pid_unuse_locked(p->pgrp);
	p->pgrp = pgrp;
}

void proc_set_session_locked(struct proc *p, pid_t session)
{
	pid_use_locked(session);
	pid_unuse_locked(p->session);
	p->session = session;
}

pid_t pgrp_session_locked(pid_t pgrp)
{
	struct proc *p;

	list_for_each_entry(p, &all_procs, all_link)
		if (p->pgrp == pgrp)
			return p->session;
	return 0;
}

bool pgrp_is_orphaned_locked(pid_t pgrp, const struct proc *without)
{
	struct proc *p;

	list_for_each_entry(p, &all_procs, all_link) {
		if (p->pgrp != pgrp || p == without || !p->parent)
			continue;
		if (p->state == PROC_ZOMBIE || p->parent == proc_init)
			continue;
		if (p->parent->pgrp != pgrp && p->parent->session == p->session)
			return false;
	}
	return true;
}
