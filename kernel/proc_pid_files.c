/*
 * proc_pid_files.c: what procfs asks about processes, and the small files of /proc/PID (proc(5)).
 * The larger ones are in proc_pid_*.c.
 */

#include "kernel/proc_pid_files.h"

#include "fs/place.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/oom_score.h"
#include "kernel/proc_files.h"
#include "kernel/proc_internal.h"
#include "mm/kmalloc.h"

#define OOM_ADJ_MIN (-1000)

/* ---- for procfs ---- */

static int32_t pid_self(void)
{
	return thread_current()->is_user ? proc_current()->pid : 0;
}

static int pid_owner(int32_t pid, uint32_t *uid, uint32_t *gid)
{
	struct proc *p = proc_find(pid);

	if (!p)
		return -ESRCH;
	*uid = p->dumpable ? p->euid : 0;
	*gid = p->dumpable ? p->egid : 0;
	proc_put(p);
	return 0;
}

static int exe_path(struct proc *p, struct path *out)
{
	struct file *exe = proc_exe_get(p);

	if (!exe)
		return -ENOENT;
	*out = path_get(&exe->path);
	file_put(exe);
	return 0;
}

static int fs_path(struct proc *p, enum procfs_link which, struct path *out)
{
	struct fs_context *fs = proc_fs_get(p);

	if (!fs)
		return -ENOENT;
	if (which == PROCFS_CWD)
		fs_context_cwd(fs, out);
	else
		fs_context_root(fs, out);
	fs_context_put(fs);
	return 0;
}

static int pid_link(int32_t pid, enum procfs_link which, struct path *out)
{
	struct proc *p = proc_find(pid);
	int err;

	if (!p)
		return -ESRCH;
	err = which == PROCFS_EXE ? exe_path(p, out) : fs_path(p, which, out);
	proc_put(p);
	return err;
}

static struct fdtable *pid_files(int32_t pid)
{
	struct proc *p = proc_find(pid);
	struct fdtable *files = p ? proc_files_get(p) : NULL;

	proc_put(p);
	return files;
}

/* The first thread is there until the process is waited for, dead or not. */
static int32_t pid_next_task(int32_t pid, int32_t from)
{
	struct proc *p = proc_find(pid);
	int32_t tid = from <= pid ? pid : 0;
	struct task *t;

	if (!p)
		return 0;
	spin_lock(&proc_lock);
	list_for_each_entry(t, &p->tasks, proc_link)
		if (t->tid >= from && (tid == 0 || t->tid < tid))
			tid = t->tid;
	spin_unlock(&proc_lock);
	proc_put(p);
	return tid;
}

/* ---- its memory, as text ---- */

static int show_cmdline(struct text *t, const struct procfs_who *who)
{
	struct aspace *as = proc_who_aspace(who);

	if (as)
		proc_append_memory(t, as, as->image.arg_start, as->image.arg_end);
	aspace_put(as);
	return 0;
}

static int show_environ(struct text *t, const struct procfs_who *who)
{
	struct aspace *as = proc_who_aspace(who);

	if (as)
		proc_append_memory(t, as, as->image.env_start, as->image.env_end);
	aspace_put(as);
	return 0;
}

/* ---- its name ---- */

static int show_comm(struct text *t, const struct procfs_who *who)
{
	char name[THREAD_NAME_LEN];
	struct task *task;

	spin_lock(&proc_lock);
	task = who->tid ? proc_task_locked(who->proc, who->tid) : NULL;
	memcpy(name, task ? task->thread.name : who->proc->comm, sizeof(name));
	spin_unlock(&proc_lock);
	text_printf(t, "%s\n", name);
	return 0;
}

/* A process names its own threads only, and a newline is part of the name. */
static int store_comm(const struct procfs_who *who, const char *text)
{
	int32_t tid = who->tid ? who->tid : who->pid;
	char name[THREAD_NAME_LEN];
	struct task *t;

	if (who->proc != proc_current())
		return -EINVAL;
	memset(name, 0, sizeof(name));
	strlcpy(name, text, sizeof(name));
	spin_lock(&proc_lock);
	t = proc_task_locked(who->proc, tid);
	if (t)
		memcpy(t->thread.name, name, sizeof(name));
	if (tid == who->pid)
		memcpy(who->proc->comm, name, sizeof(name));
	spin_unlock(&proc_lock);
	return 0;
}

/* ---- when memory runs out ---- */

static int show_oom_score(struct text *t, const struct procfs_who *who)
{
	text_printf(t, "%u\n", oom_score(who->proc));
	return 0;
}

static int show_oom_score_adj(struct text *t, const struct procfs_who *who)
{
	text_printf(t, "%d\n", who->proc->oom_score_adj);
	return 0;
}

static int parse_adj(const char *text, int *value)
{
	bool negative = *text == '-';
	char digits[8];
	uint64_t n;

	strlcpy(digits, text + negative, sizeof(digits));
	for (char *c = digits; *c; c++)
		if (*c == '\n')
			*c = '\0';
	if (!parse_size(digits, &n) || n > OOM_SCORE_ADJ_MAX)
		return -EINVAL;
	*value = negative ? -(int)n : (int)n;
	return 0;
}

static int store_oom_score_adj(const struct procfs_who *who, const char *text)
{
	int value, err = parse_adj(text, &value);

	return err ? err : oom_score_adj_set(who->proc, value);
}

/* ---- limits ---- */

static const struct {
	const char *name, *unit;
} limit_names[RLIMIT_COUNT] = {
	[RLIMIT_CPU] = {"Max cpu time", "seconds"},
	[RLIMIT_FSIZE] = {"Max file size", "bytes"},
	[RLIMIT_DATA] = {"Max data size", "bytes"},
	[RLIMIT_STACK] = {"Max stack size", "bytes"},
	[RLIMIT_CORE] = {"Max core file size", "bytes"},
	[RLIMIT_RSS] = {"Max resident set", "bytes"},
	[RLIMIT_NPROC] = {"Max processes", "processes"},
	[RLIMIT_NOFILE] = {"Max open files", "files"},
	[RLIMIT_MEMLOCK] = {"Max locked memory", "bytes"},
	[RLIMIT_AS] = {"Max address space", "bytes"},
	[RLIMIT_LOCKS] = {"Max file locks", "locks"},
	[RLIMIT_SIGPENDING] = {"Max pending signals", "signals"},
	[RLIMIT_MSGQUEUE] = {"Max msgqueue size", "bytes"},
	[RLIMIT_NICE] = {"Max nice priority", ""},
	[RLIMIT_RTPRIO] = {"Max realtime priority", ""},
	[RLIMIT_RTTIME] = {"Max realtime timeout", "us"},
};

static void limit_value(struct text *t, uint32_t value)
{
	if (value == RLIM_INFINITY)
		text_printf(t, "%-20s ", "unlimited");
	else
		text_printf(t, "%-20u ", value);
}

static int show_limits(struct text *t, const struct procfs_who *who)
{
	text_printf(t, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (uint32_t i = 0; i < RLIMIT_COUNT; i++) {
		text_printf(t, "%-25s ", limit_names[i].name);
		limit_value(t, who->proc->limits[i].cur);
		limit_value(t, who->proc->limits[i].max);
		text_printf(t, "%-10s\n", limit_names[i].unit);
	}
	return 0;
}

/* ---- mounts ---- */

static int show_mounts(struct text *t, const struct procfs_who *who)
{
	(void)who;
	return procfs_show_mounts(t);
}

static int show_mountinfo(struct text *t, const struct procfs_who *who)
{
	(void)who;
	return procfs_show_mountinfo(t);
}

static const struct procfs_pid_file files[] = {
	{.name = "clear_refs", .mode = 0200, .store = proc_store_clear_refs},
	{.name = "cmdline", .show = show_cmdline},
	{.name = "comm", .show = show_comm, .store = store_comm},
	{.name = "environ", .mode = 0400, .open = proc_open_memory, .show = show_environ},
	{.name = "limits", .show = show_limits},
	{.name = "maps", .open = proc_open_memory, .step = proc_step_maps},
	{.name = "mem",
	 .mode = 0600,
	 .open = proc_open_memory,
	 .read = proc_read_mem,
	 .write = proc_write_mem},
	{.name = "mountinfo", .show = show_mountinfo},
	{.name = "mounts", .show = show_mounts},
	{.name = "oom_score", .show = show_oom_score},
	{.name = "oom_score_adj", .show = show_oom_score_adj, .store = store_oom_score_adj},
	{.name = "pagemap", .mode = 0400, .open = proc_open_memory, .read = proc_read_pagemap},
	{.name = "smaps", .open = proc_open_memory, .step = proc_step_smaps},
	{.name = "smaps_rollup", .open = proc_open_memory, .show = proc_show_smaps_rollup},
	{.name = "stat", .show = proc_show_stat},
	{.name = "statm", .show = proc_show_statm},
	{.name = "status", .show = proc_show_status},
	{.name = "wchan", .show = proc_show_wchan},
	{.name = "working_set",
	 .mode = 0600,
	 .open = proc_open_memory,
	 .show = proc_show_working_set,
	 .store = proc_store_working_set},
};

static const struct procfs_pid_ops pid_ops = {
	.find = proc_find,
	.put = proc_put,
	.next = proc_next_pid,
	.self = pid_self,
	.next_task = pid_next_task,
	.owner = pid_owner,
	.link = pid_link,
	.files = pid_files,
	.entries = files,
	.entry_count = ARRAY_SIZE(files),
};

void proc_pid_files_init(void)
{
	procfs_set_pid_ops(&pid_ops);
}
