/*
 * exec.c: execve.
 *
 * The new program is built completely beside the old one: files opened, headers checked, areas
 * mapped, strings copied, tails zeroed. For the last two the thread changes into the new address
 * space and, should they fail, back again. Only then comes the point of no return (become): nothing
 * after it fails.
 *
 *	proc_exec -> find_program (scripts) -> build -> fill -> become
 */

#include "kernel/exec.h"

#include "fs/caller.h"
#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/exec_internal.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "kernel/proc_internal.h"
#include "kernel/rlimit.h"
#include "kernel/signal.h"
#include "kernel/vdso.h"
#include "mm/kmalloc.h"
#include "mm/working_set.h"

/* ---- opening ---- */

int exec_check(const struct file *file)
{
	struct fs_caller caller = caller_current();

	if (!S_ISREG(file->inode->mode))
		return -EACCES;
	return inode_permission(file->inode, &caller, MAY_EXEC);
}

int exec_open(const struct path *base, const char *path, uint32_t open_flags, struct file **out)
{
	struct file *file;
	int err = file_open(proc_current()->fs, base, path, O_RDONLY | open_flags, 0, &file);

	if (err)
		return err;
	err = exec_check(file);
	if (err) {
		file_put(file);
		return err;
	}
	*out = file;
	return 0;
}

struct file *exec_share_exe(struct file *exe)
{
	if (!exe)
		return NULL;
	BUG_ON(inode_deny_write(exe->inode) != 0); /* Nobody writes: it is denied already. */
	return file_get(exe);
}

void exec_release_exe(struct file *exe)
{
	if (!exe)
		return;
	inode_allow_write(exe->inode);
	file_put(exe);
}

/* ---- scripts ---- */

/* If x->file is a script, replace it by its interpreter: 1. 0: it is none. Or -errno. */
static int apply_script(struct exec *x, const char *path)
{
	char *line = kmalloc(SCRIPT_LINE_MAX + 1), *interp, *arg;
	struct file *file;
	ssize_t n;
	int err;

	if (!line)
		return -ENOMEM;
	n = file_read_kernel(x->file, line, SCRIPT_LINE_MAX, 0);
	err = n;
	if (n < 2 || memcmp(line, "#!", 2) != 0) {
		err = n < 0 ? err : 0;
		goto out;
	}
	err = script_parse(line, (size_t)n, &interp, &arg);
	if (!err)
		err = exec_stack_script(&x->stack, path, interp, arg);
	if (!err)
		err = exec_open(NULL, interp, 0, &file);
	if (!err) {
		file_put(x->file);
		x->file = file;
		err = 1;
	}
out:
	kfree(line);
	return err;
}

static int find_program(struct exec *x, const char *path)
{
	int err;

	for (uint32_t depth = 0; depth <= EXEC_SCRIPT_DEPTH; depth++) {
		err = apply_script(x, path);
		if (err <= 0)
			return err;
	}
	return -ELOOP;
}

/* ---- building ---- */

static int open_interp(struct exec *x)
{
	const struct elf *elf = &x->program.elf;
	struct file *file = NULL;
	char *name;
	ssize_t n;
	int err;

	if (elf->interp_size == 0)
		return 0;
	if (elf->interp_size > PATH_MAX)
		return -ENOEXEC;
	name = kmalloc(elf->interp_size);
	if (!name)
		return -ENOMEM;
	n = file_read_kernel(x->file, name, elf->interp_size, elf->interp_offset);
	err = n < 0 ? n : 0;
	if (!err && ((uint32_t)n != elf->interp_size || name[n - 1] != '\0'))
		err = -ENOEXEC;
	if (!err)
		err = exec_open(NULL, name, 0, &file);
	kfree(name);
	if (err)
		return err;
	err = elf_open(&x->interp, file);
	if (err) {
		file_put(file);
		x->interp.file = NULL;
	}
	return err == -ENOEXEC ? -ELIBBAD : err;
}

/* Set-user-id and set-group-id files (execve(2)). */
static void find_ids(struct exec *x)
{
	const struct proc *p = proc_current();
	const struct inode *inode = x->file->inode;

	x->euid = p->euid;
	x->egid = p->egid;
	if (!p->no_new_privs && inode->mode & S_ISUID)
		x->euid = inode->uid;
	if (!p->no_new_privs && (inode->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		x->egid = inode->gid;
	x->secure = x->euid != p->uid || x->egid != p->gid;
}

/* A program that may stand anywhere and needs no interpreter is perhaps one itself: it stands where mmap
 * puts it, out of the way of what it will load, and has its heap where a program would. */
static bool loads_others(const struct elf *elf)
{
	return elf->relocatable && elf->interp_size == 0;
}

static int map_program(struct exec *x)
{
	const struct elf *elf = &x->program.elf;
	struct aspace *as = x->as;
	uint32_t bias = 0, brk;
	int err = 0;

	if (loads_others(elf))
		err = elf_find_bias(&x->program, as, &bias);
	else if (elf->relocatable)
		bias = ALIGN_UP(x->layout.pie_base, elf->align) - ALIGN_DOWN(elf->low, elf->align);
	if (!err)
		err = elf_map(&x->program, as, bias);
	if (err)
		return err;
	brk = loads_others(elf) ? x->layout.pie_base : ALIGN_UP(bias + elf->end, PAGE_SIZE);
	as->brk_start = as->brk = brk + x->layout.brk_skip;
	as->image.code_start = bias + elf->code_start;
	as->image.code_end = bias + elf->code_end;
	as->image.data_start = bias + elf->data_start;
	as->image.data_end = bias + elf->data_end;
	x->entry = bias + elf->entry;
	return 0;
}

static int map_interp(struct exec *x)
{
	uint32_t bias = 0;
	int err = 0;

	if (!x->interp.file)
		return 0;
	if (x->interp.elf.relocatable)
		err = elf_find_bias(&x->interp, x->as, &bias);
	if (!err)
		err = elf_map(&x->interp, x->as, bias);
	x->entry = bias + x->interp.elf.entry;
	return err;
}

static int build(struct exec *x)
{
	struct proc *p = proc_current();
	int err;

	x->as = aspace_create();
	if (!x->as)
		return -ENOMEM;
	rlimit_apply(p, x->as);
	rwlock_read_lock(&p->aspace->lock);
	err = working_set_inherit(p->aspace->ws, &x->as->ws);
	rwlock_read_unlock(&p->aspace->lock);
	if (err)
		return err;
	exec_layout_choose(&x->layout, x->as->stack_limit);
	x->as->mmap_top = x->layout.mmap_top;
	err = map_program(x);
	if (!err)
		err = map_interp(x);
	if (!err)
		err = vdso_map(x->as);
	if (!err)
		err = exec_stack_map(&x->stack, x->args, x->as, &x->layout,
				     x->program.elf.exec_stack);
	if (!err && atomic_load(&p->files->refs) > 1) {
		x->files = fdtable_fork(p->files);
		err = x->files ? 0 : -ENOMEM;
	}
	return err;
}

static int fill_stack(struct exec *x)
{
	const struct elf_file *program = &x->program;
	const struct exec_aux aux = {
		.phdr = program->elf.phdr_va ? program->bias + program->elf.phdr_va : 0,
		.phnum = program->elf.phnum,
		.base = x->interp.file ? x->interp.bias : 0,
		.entry = program->bias + program->elf.entry,
		.uid = proc_current()->uid,
		.euid = x->euid,
		.gid = proc_current()->gid,
		.egid = x->egid,
		.secure = x->secure,
		.vdso = x->as->image.vdso,
		.vsyscall = x->as->image.vsyscall,
	};

	return exec_stack_fill(&x->stack, x->args, &aux);
}

/* Write what is only in memory: back in the old address space if that fails. */
static int fill(struct exec *x)
{
	int err;

	exec_change_memory(x->as);
	err = elf_clear_tails(&x->program);
	if (!err && x->interp.file)
		err = elf_clear_tails(&x->interp);
	if (!err)
		err = fill_stack(x);
	if (err)
		exec_change_memory(proc_current()->aspace);
	if (err && signal_fatal_pending())
		return -EINTR;
	return err == -EFAULT ? -ENOMEM : err; /* Our own areas: only memory can have run out. */
}

static void abandon(struct exec *x)
{
	if (x->files)
		fdtable_put(x->files);
	aspace_put(x->as);
	file_put(x->file);
}

/* Deny writing to the file, and everything that can fail. The file is then as a process's exe
 * is. */
static int prepare(struct exec *x)
{
	int err = build(x);

	if (err)
		return err;
	err = inode_deny_write(x->file->inode);
	if (err)
		return err;
	err = fill(x);
	if (!err) {
		err = exec_end_others(proc_current(), task_current());
		if (err)
			exec_change_memory(proc_current()->aspace);
	}
	if (err)
		inode_allow_write(x->file->inode);
	return err;
}

int proc_exec(struct file *file, const char *path, struct exec_args *args)
{
	struct exec x = {.args = args, .file = file_get(file)};
	int err;

	err = find_program(&x, path);
	x.stack.execfn = path;
	if (!err)
		err = elf_open(&x.program, x.file);
	if (!err)
		err = open_interp(&x);
	find_ids(&x);
	if (!err)
		err = prepare(&x);
	elf_close(&x.program);
	elf_close(&x.interp);
	file_put(x.interp.file);
	if (err)
		abandon(&x);
	else
		exec_become(&x, path);
	exec_stack_free(&x.stack);
	return err;
}
