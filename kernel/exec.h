/*
 * exec.h: replacing the program of a process.
 *
 *	struct exec_args args;
 *	err = exec_args_from_user(&args, argv, envp);
 *	if (!err)
 *		err = proc_exec(file, path, &args);
 *	exec_args_free(&args);
 */
#pragma once

#include "kernel/exec_args.h"
#include "kernel/proc.h"

/* Longest chain of "#!" interpreters (Linux: 4, then -ELOOP). */
#define EXEC_SCRIPT_DEPTH 5

/*
 * Run the program in file, which was opened by exec_open(); its reference stays the caller's. path
 * is what the new program sees as its name (AT_EXECFN, and a script's name in its arguments). On
 * success the current trap frame is the new program's. 0 or -errno with the caller whole.
 */
int proc_exec(struct file *file, const char *path, struct exec_args *args);

/* Open path, relative to base (NULL: the working directory), as a program. 0, -EACCES (no right, no
 * regular file), or what opening says. */
int exec_open(const struct path *base, const char *path, uint32_t open_flags, struct file **out);

/* May the current process run this file? 0 or -EACCES. */
int exec_check(const struct file *file);

/* A process's hold on its program file, which nobody may write to meanwhile; NULL is allowed. */
struct file *exec_share_exe(struct file *exe);
void exec_release_exe(struct file *exe);
