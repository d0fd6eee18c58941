/* proc_internal.h: what fork, exit, exec and wait share about the process tree. */
#pragma once

#include "kernel/proc.h"

/* A zeroed process with lists and queues initialised and one reference, not in the tree; NULL. */
struct proc *proc_alloc(void);

/* A task for p with a kernel stack and an FPU image, known to nobody; NULL when out of memory. */
struct task *task_alloc(struct proc *p, const char *name);

/* Free a task that ended, once no CPU stands on its stack any more. May sleep. */
void task_free(struct task *t);

/* Free a task that never ran. */
void task_discard(struct task *t);

/* A number nobody uses, counted as used once; 0 when there is none. proc_lock held, as for all
 * that end in _locked. */
pid_t pid_alloc_locked(void);
void pid_use_locked(pid_t pid);
void pid_unuse_locked(pid_t pid);

/* Enter p, whose pid (used once by the caller), pgrp, session and parent are set, or take it
 * out. */
void proc_link_locked(struct proc *p);
void proc_unlink_locked(struct proc *p);

/* Enter a task, whose tid is used once by the caller, among its process's, or take it out. */
void task_link_locked(struct task *t);
void task_unlink_locked(struct task *t);

/* Living tasks of the processes of this user. */
uint32_t task_count_of_user_locked(uint32_t uid);

/* Take out a zombie that is unlinked already: its last task, then the reference of the tree. May
 * sleep. */
void proc_release(struct proc *p);

/* Let the parent that lent its memory to p go on. */
void vfork_release(struct proc *p);

/* The user word of clear_child_tid and the robust list, at the end of a task's use of its
 * memory. */
void task_release_user(struct task *t);

/* Add what the address space counted to p's own usage: before it goes. */
void proc_usage_take_aspace(struct proc *p, struct aspace *as);

void proc_usage_add(struct proc_usage *sum, const struct proc_usage *u);

/* A thread's times so far. */
void proc_usage_add_thread(struct proc_usage *sum, const struct thread *t);

/* For the system's sums: a thread's times are in no task any more; a task was made. */
void usage_thread_ended_locked(const struct thread *t);
void usage_forked(void);

/* Give something dead to the reaper thread. Any context that may take a leaf lock. */
void reap_later(struct reap *r, void (*fn)(struct reap *r));

/* Start the reaper thread. 0 or -ENOMEM. */
int reap_init(void);
