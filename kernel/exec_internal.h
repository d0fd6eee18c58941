/* exec_internal.h: what exec.c, which prepares, and exec_become.c, which cannot fail, share. */
#pragma once

#include "kernel/elf.h"
#include "kernel/exec.h"
#include "kernel/exec_layout.h"
#include "kernel/exec_stack.h"

/* One execve on its way. Afterwards it holds what is to be thrown away: of the new, or of the
 * old. */
struct exec {
	struct elf_file program, interp; /* interp.file NULL: none. */
	struct file *file;		 /* Of the program: our reference. */
	struct exec_layout layout;
	struct exec_stack stack;
	struct exec_args *args;
	struct aspace *as;
	struct fdtable *files; /* A copy for ourselves alone; NULL: not needed. */
	uint32_t entry;
	uint32_t euid, egid;
	bool secure;
};

/* The current thread runs in as from now on. */
void exec_change_memory(struct aspace *as);

/* Make the other tasks of p end, and wait for it. 0, or -EAGAIN when p is ending itself. */
int exec_end_others(struct proc *p, struct task *me);

/* Turn the current process, which has no other task and runs in x->as, into the new program. */
void exec_become(struct exec *x, const char *path);
