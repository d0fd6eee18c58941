/*
 * init.c: process 1. It is made by hand, with the tree's root, the console as its files 0 to 2, and
 * no memory; the first thing its task does is an execve of its own.
 */

#include "fs/fdtable.h"
#include "fs/mount.h"
#include "fs/place.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/exec.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "kernel/rlimit.h"

static const char *init_path;

static void open_console(struct proc *p)
{
	struct file *f;
	int err = file_open(p->fs, NULL, "/dev/console", O_RDWR, 0, &f);

	if (err) {
		log("init: /dev/console cannot be opened (error %d)\n", -err);
		return;
	}
	for (uint32_t fd = 0; fd < 3; fd++)
		if (fd_install(p->files, file_get(f), fd, FD_MAX, false) < 0)
			file_put(f);
	file_put(f);
}

static int exec_init(const char *path)
{
	const char *const argv[] = {path, NULL};
	const char *const envp[] = {"HOME=/", "TERM=linux", "PATH=/sbin:/bin:/usr/sbin:/usr/bin",
				    NULL};
	struct exec_args args;
	struct file *f;
	int err = exec_open(NULL, path, 0, &f);

	if (err)
		return err;
	err = exec_args_from_kernel(&args, argv, envp);
	if (!err)
		err = proc_exec(f, path, &args);
	exec_args_free(&args);
	file_put(f);
	return err;
}

/* Runs in the task, which leaves for user mode when this returns. */
static void init_first(void)
{
	int err;

	sched_first_run();
	open_console(proc_current());
	err = exec_init(init_path);
	if (err)
		panic("%s cannot be run (error %d)", init_path, -err);
	log("init: %s begins\n", init_path);
}

static int fill_process(struct proc *p)
{
	struct path root;

	vfs_root(&root);
	p->fs = fs_context_create(&root);
	path_put(&root);
	p->files = fdtable_create();
	p->aspace = aspace_create(); /* Empty: for execve to replace. */
	rlimit_init(p);
	p->dumpable = true;
	p->exit_signal = SIGCHLD;
	return p->fs && p->files && p->aspace ? 0 : -ENOMEM;
}

static void enter_tree(struct proc *p, struct task *t)
{
	spin_lock(&proc_lock);
	p->pid = p->pgrp = p->session = t->tid = PID_INIT;
	pid_use_locked(p->pid);
	pid_use_locked(t->tid);
	proc_link_locked(p);
	task_link_locked(t);
	proc_init = p;
	spin_unlock(&proc_lock);
}

void proc_start_init(const char *path)
{
	const struct trapframe nothing = {0};
	struct proc *p = proc_alloc();
	struct task *t = p ? task_alloc(p, "init") : NULL;

	if (!t || fill_process(p) != 0)
		panic("no memory for the first process");
	init_path = path;
	t->thread.aspace = p->aspace;
	t->thread.pgdir = p->aspace->pgdir_phys;
	fpu_state_init(t->thread.context.fpu);
	context_init_user(&t->thread.context, t->thread.kstack + KSTACK_SIZE, &nothing, init_first);
	enter_tree(p, t);
	thread_wake(&t->thread);
}
