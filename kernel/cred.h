/*
 * cred.h: who a process is: user and group numbers, supplementary groups.
 *
 * The numbers live in struct proc and belong to all of its tasks. User 0 (effective) may do
 * everything; there are no separate capabilities.
 */
#pragma once

#include "kernel/proc.h"

#define NGROUPS_MAX 65536u

/* An immutable, shared list of supplementary groups. */
struct group_list {
	uint32_t refs;
	uint32_t count;
	uint32_t gids[];
};

static inline struct group_list *group_list_get(struct group_list *g)
{
	if (g)
		atomic_inc(&g->refs);
	return g;
}

void group_list_put(struct group_list *g); /* NULL is allowed. */

/* p takes over from's numbers and groups: fork. */
void cred_fork(struct proc *p, const struct proc *from);

/* Tell the file layer who asks. After vfs_init. */
void cred_init(void);

/* True when the current process may do what only root may. */
bool cred_is_root(void);

/* True when gid is the current process's effective group or one of its supplementary ones. */
bool cred_in_group(uint32_t gid);

/* True when the current process has p's rights: kill, setpriority, prlimit. */
bool cred_may_control(const struct proc *p);

/* May the current process look into p's memory and change it (ptrace(2), PTRACE_MODE_READ_FSCREDS)? */
bool cred_may_inspect(const struct proc *p);
