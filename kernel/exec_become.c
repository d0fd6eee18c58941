/*
 * exec_become.c: the point of no return of execve: nothing here fails, except that a process whose
 * other tasks end is ending as a whole.
 */

#include "arch/x86/cpu.h"
#include "arch/x86/mmu.h"
#include "kernel/abi/errno.h"
#include "kernel/exec_internal.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "kernel/rlimit.h"
#include "kernel/signal.h"
#include "mm/vmtrace.h"

void exec_change_memory(struct aspace *as)
{
	struct thread *t = thread_current();

	preempt_disable();
	t->aspace = as;
	t->pgdir = as->pgdir_phys;
	mmu_load(as->pgdir_phys);
	preempt_enable();
}

int exec_end_others(struct proc *p, struct task *me)
{
	struct task *t;
	int err = 0;

	spin_lock(&proc_lock);
	if (p->group_exit || p->exec_task)
		err = -EAGAIN;
	else
		p->exec_task = me;
	list_for_each_entry(t, &p->tasks, proc_link)
		if (!err && t != me)
			thread_interrupt(&t->thread, true);
	spin_unlock(&proc_lock);
	if (!err)
		waitq_wait_event(&p->task_wait, atomic_load(&p->task_count) == 1, 0);
	return err;
}

/* The only task that is left has the process's number, whatever it had before. */
static void take_leaders_tid_locked(struct proc *p, struct task *me)
{
	if (me->tid == p->pid)
		return;
	task_unlink_locked(me);
	me->tid = p->pid;
	pid_use_locked(me->tid);
	task_link_locked(me);
	p->tasks_staying--; /* Linking counted it a second time. */
}

static void set_name(struct proc *p, struct thread *t, const char *path)
{
	const char *slash = strrchr(path, '/');

	strlcpy(p->comm, slash ? slash + 1 : path, sizeof(p->comm));
	memcpy(t->name, p->comm, sizeof(t->name));
}

static void set_ids_locked(struct proc *p, const struct exec *x)
{
	p->dumpable = x->euid == p->euid && x->egid == p->egid && !x->secure;
	if (p->euid != x->euid || p->egid != x->egid)
		p->pdeath_signal = 0;
	p->euid = p->suid = x->euid;
	p->egid = p->sgid = x->egid;
	p->secure = x->secure;
	if (x->secure)
		p->personality &=
			~ADDR_NO_RANDOMIZE; /* Whoever gains rights shall not be aimed at. */
}

/* The registers of a new program: all zero but these. The ABI asks for edx = 0: nothing for
 * atexit. */
static void reset_registers(struct task *t, const struct exec *x)
{
	struct context *ctx = &t->thread.context;

	*task_frame(t) = (struct trapframe){
		.ds = SEL_USER_DATA,
		.es = SEL_USER_DATA,
		.orig_eax = UINT32_MAX,
		.eip = x->entry,
		.cs = SEL_USER_CODE,
		.eflags = EFLAGS_IF,
		.esp = x->stack.sp,
		.ss = SEL_USER_DATA,
	};
	preempt_disable();
	memset(ctx->tls, 0, sizeof(ctx->tls));
	tls_load(ctx);
	fpu_reset();
	preempt_enable();
}

static void reset_task(struct task *t)
{
	t->altstack_sp = t->altstack_size = 0;
	t->altstack_flags = SS_DISABLE;
	t->clear_child_tid = 0;
	t->robust_list = 0;
}

/* Everything of the process that others may look at changes at once. What is to be freed is left
 * in x. */
static void exchange(struct exec *x, struct proc *p, struct task *t, const char *path)
{
	struct aspace *as = p->aspace;
	struct fdtable *files = p->files;
	struct file *exe = p->exe;

	spin_lock(&proc_lock);
	take_leaders_tid_locked(p, t);
	p->aspace = x->as;
	p->exe = x->file;
	if (x->files)
		p->files = x->files;
	set_name(p, &t->thread, path);
	set_ids_locked(p, x);
	p->did_exec = true;
	p->exit_signal = SIGCHLD;
	p->exec_task = NULL;
	spin_unlock(&proc_lock);
	x->as = as;
	x->file = exe;
	x->files = x->files ? files : NULL;
}

static void release_old_user(struct task *t, struct aspace *old, struct aspace *new)
{
	exec_change_memory(old);
	task_release_user(t);
	exec_change_memory(new);
}

static void trace(const struct proc *p)
{
	uint32_t name[4];

	memcpy(name, p->comm, sizeof(name));
	vmtrace(VMTRACE_EXEC, p->aspace, name[0], name[1], name[2], name[3]);
}

void exec_become(struct exec *x, const char *path)
{
	struct task *t = task_current();
	struct proc *p = t->proc;

	if (t->clear_child_tid || t->robust_list)
		release_old_user(t, p->aspace, x->as);
	proc_usage_take_aspace(p, p->aspace);
	exchange(x, p, t, path);
	trace(p);
	rlimit_apply(p, p->aspace); /* Once more: the new program may be another user's. */
	signal_exec(p);
	reset_task(t);
	reset_registers(t, x);
	fdtable_close_on_exec(p->files);
	if (x->files)
		fdtable_put(x->files);
	aspace_put(x->as);
	vfork_release(p);
	exec_release_exe(x->file);
}
