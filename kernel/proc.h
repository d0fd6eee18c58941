/*
 * proc.h: processes and tasks.
 *
 * A task is a thread of a process: a struct thread that can return to user mode, with a signal mask
 * of its own. A process is what its tasks share: memory, files, signal actions, a place in the
 * tree. Kernel threads are struct thread alone; those that last have a process, in which there is no task:
 * so it takes no signals.
 *
 * Life: proc_fork makes RUNNING processes; the last task's exit makes a ZOMBIE, which has given
 * back everything but its pid, status and times; wait4 by the parent frees it. A process whose
 * parent has gone belongs to init (pid 1).
 *
 * Locks: proc_lock (RANK_PROC is sleeping; this one is a spinlock of RANK_POLICY, interrupts on)
 * guards the tree, pid table, groups and sessions, states and wait statuses, and the pointers to
 * what a process shares (aspace, files, fs, exe): others take references through the getters below,
 * the process's own tasks use the pointers as they are. proc->sig_lock (RANK_LEAF, interrupts off)
 * guards signal actions and pending sets. Memory and files have locks of their own.
 */
#pragma once

#include "arch/x86/trapframe.h"
#include "fs/fdtable.h"
#include "kernel/abi/signal.h"
#include "kernel/sigtimer.h"
#include "kernel/sync/thread.h"
#include "mm/aspace.h"

typedef int32_t pid_t;

#define PID_MAX 32768
#define PID_INIT 1
#define RLIMIT_COUNT 16

struct tty;
struct task;
struct group_list;

/* What is dead and waits for the reaper thread: see reap.c. */
struct reap {
	struct list link;
	void (*fn)(struct reap *r); /* Frees what r is part of. May sleep. */
};

enum proc_state {
	PROC_RUNNING,
	PROC_STOPPED, /* By a job-control signal; all tasks are stopped or about to be. */
	PROC_ZOMBIE,
};

struct rlimit {
	uint32_t cur, max; /* UINT32_MAX: no limit. */
};

/* A queued signal with its details. */
struct sigqueue {
	struct list link;
	bool embedded; /* Part of something else: who takes it off the queue does not free it. */
	int32_t overrun_taken; /* A timer's: info.overrun when it was taken last. */
	struct siginfo info;
};

struct sigpending {
	uint64_t set; /* Bit n-1 for signal n. */
	struct list
		queue;	/* struct sigqueue. A signal without an entry came when memory was out. */
	uint32_t count; /* Entries. */
	struct sigqueue first; /* For a signal that comes while this one is on no list: most do. */
};

/* Time that runs only while the process does: ITIMER_VIRTUAL and ITIMER_PROF. */
struct cpu_timer {
	uint64_t left, interval; /* Nanoseconds; left 0: not running. sig_lock. */
};

/* CPU time and faults, summed over waited-for children too. */
struct proc_usage {
	uint64_t user_ns, kernel_ns;
	uint32_t minor_faults, major_faults;
	uint32_t switches_voluntary, switches_forced;
	uint32_t max_rss; /* Pages. */
};

struct proc {
	uint32_t refs;
	pid_t pid;
	enum proc_state state;
	struct proc *parent;  /* proc_lock. NULL for init and kernel processes. */
	pid_t ppid;	      /* Its number, which may be read without a lock; 0: none. */
	struct list children; /* struct proc.sibling */
	struct list sibling;
	struct list pid_link; /* Hash chain by pid. */
	struct list all_link; /* Every process, oldest first. */
	struct list tasks;    /* struct task.proc_link, the living ones */
	uint32_t task_count;
	uint32_t tasks_staying; /* Of these, how many have not begun to exit. */
	struct task *exec_task; /* proc_lock. It runs execve: all other tasks end. NULL: none. */
	struct task *last_task; /* A zombie's: to be freed with it. */
	struct thread *kernel_thread; /* A kernel process's; NULL: it is none. */
	struct waitq task_wait;	      /* execve sleeps here until it is alone. */
	pid_t pgrp, session;
	struct tty *tty; /* Controlling terminal, NULL for none. */
	bool did_exec;	 /* setpgid on it is refused afterwards. */

	struct aspace *aspace; /* NULL once it has exited. */
	struct fdtable *files;
	struct fs_context *fs;
	struct file *exe;
	char comm[THREAD_NAME_LEN];

	struct spinlock sig_lock;
	struct sigaction_k actions[NSIG]; /* Index signal - 1. */
	struct sigpending pending;	  /* For the process as a whole. */
	int exit_code;			  /* wait status once set: see group_exit. */
	bool group_exit;		  /* All tasks are to end with exit_code. */
	int stopping_signal; /* What it stops or stopped for. proc_lock, as the next three. */
	int stop_signal;     /* The same once all tasks have stopped; else 0. */
	bool stop_reported, continued; /* wait4 with WUNTRACED, WCONTINUED. */
	int exit_signal;	       /* Sent to the parent: SIGCHLD, or 0. */
	struct waitq child_wait;       /* Parents sleep here for their children. */
	struct waitq *vfork_done;      /* Parent's child_wait while it lends its memory. */

	struct rlimit limits[RLIMIT_COUNT];
	struct proc_usage usage; /* Of tasks that ended. */
	struct proc_usage child_usage;
	uint64_t start_ns;
	struct sigtimer alarm;		/* ITIMER_REAL. */
	struct cpu_timer cpu_timers[2]; /* ITIMER_VIRTUAL, ITIMER_PROF. */
	uint32_t cpu_timers_running;	/* Atomic: one of them is. */
	uint32_t cpu_expired;		/* Atomic: CPU_EXPIRED_* of itimer.c, to be sent. */
	uint32_t cpu_ticks;		/* Atomic: ticks that met it running, for RLIMIT_CPU. */
	struct list timers;		/* timer_create's: posix_timer.c. */
	int next_timer_id;
	uint32_t uid, euid, suid, gid, egid, sgid;
	struct group_list *groups; /* Supplementary groups; NULL: none. proc_lock. */
	uint32_t personality;	   /* personality(2): only ADDR_NO_RANDOMIZE means anything here. */
	bool no_new_privs;	   /* execve never gains rights. */
	bool dumpable;
	bool secure;	   /* execve gained rights: AT_SECURE. */
	int pdeath_signal; /* Sent to it when its parent dies; 0: none. */
	int nice;
	int oom_score_adj, oom_score_adj_min; /* oom_score.h; the least that needs no root. */
	bool oom_victim;		      /* Was told to die for its memory. */
	struct reap reap;
};

/* A word of user memory: see futex.c. */
struct futex_key {
	const void *space; /* struct backing or struct aspace. */
	uint32_t offset;
};

struct futex_waiter {
	struct list link;
	struct futex_bucket *bucket;
	struct futex_key key;
	uint32_t bitset;
	struct thread *thread;
	bool woken;
};

struct task {
	struct thread thread;
	struct proc *proc;
	pid_t tid; /* The first task's is the pid. */
	struct list proc_link;
	uint64_t blocked;	/* Signal mask. Its own; others read. */
	uint64_t saved_blocked; /* sigsuspend, pselect: put back after the handler. */
	bool restore_blocked;
	uint64_t sigwait;	     /* What sigtimedwait waits for: sig_lock. */
	bool stopped;		     /* It stands still, by job control: proc_lock. */
	bool leaving;		     /* It ends and takes no more signals: sig_lock. */
	struct sigqueue fault_entry; /* For signals by which the kernel answers its faults. */
	struct task_fault {	     /* The last exception, for handlers. */
		uint32_t trapno, error, cr2;
	} fault;
	struct sigpending pending; /* For this task alone. */
	uint32_t altstack_sp, altstack_size, altstack_flags;
	uint32_t clear_child_tid;  /* User address, 0 for none. */
	uint32_t set_child_tid;	   /* Where a new task writes its tid first; 0: nowhere. */
	uint32_t robust_list;	   /* User address of set_robust_list's head; 0: none. */
	struct futex_waiter futex; /* While it sleeps in futex(2). */
	struct list tid_link;	   /* Hash chain by tid. */
	struct reap reap;
	struct restart { /* nanosleep and friends after a stop. */
		uint64_t deadline;
		uint32_t rem_user; /* Where to write what was left; 0: nowhere. */
		bool time64;
	} restart;
};

static inline struct task *task_current(void)
{
	return container_of(thread_current(), struct task, thread);
}

static inline struct proc *proc_current(void)
{
	return task_current()->proc;
}

/* The registers the task will return to user mode with: at the top of its kernel stack. */
static inline struct trapframe *task_frame(struct task *t)
{
	return (struct trapframe *)t->thread.context.kstack_top - 1;
}

/* Is its process, or the execve of another of its tasks, waiting for t to end? */
static inline bool task_should_end(const struct task *t)
{
	const struct proc *p = t->proc;

	return p->group_exit || (p->exec_task && p->exec_task != t);
}

extern struct spinlock proc_lock;
extern struct proc *proc_init; /* Pid 1; NULL before it exists. */

/* The process with this pid and a reference, or NULL. Zombies are found. */
struct proc *proc_find(pid_t pid);
struct proc *proc_find_locked(pid_t pid); /* proc_lock is held; no reference. */

/* The process that has a living task of this tid, with a reference, or NULL. */
struct proc *proc_find_by_tid(pid_t tid);

/* p's living task of this tid, or NULL. proc_lock is held, and the task lives no longer than
 * that. */
struct task *proc_task_locked(struct proc *p, pid_t tid);

/* What p has at this moment, with a reference; NULL when it has exited. proc_lock must not be
 * held. */
struct aspace *proc_aspace_get(struct proc *p);
struct fdtable *proc_files_get(struct proc *p);
struct fs_context *proc_fs_get(struct proc *p);
struct file *proc_exe_get(struct proc *p);
static inline struct proc *proc_get(struct proc *p)
{
	atomic_inc(&p->refs);
	return p;
}
void proc_put(struct proc *p);

/* Call fn for each process in order of age, under proc_lock; fn returns false to stop. */
void proc_each(bool (*fn)(struct proc *p, void *arg), void *arg);

/* Pids in order: the smallest pid >= from, 0 when there is none. For /proc's readdir. */
pid_t proc_next_pid(pid_t from);

uint32_t proc_count(void);
uint32_t task_count(void); /* Living tasks of all processes. */
pid_t proc_last_pid(void); /* The number given out last: /proc/loadavg. */

/* Most tasks there may be at once: the maxproc= option, or what an eighth of memory has stacks
 * for. */
uint32_t task_limit(void);

/* Current usage of p, running tasks included. */
void proc_usage_sum(struct proc *p, struct proc_usage *out);

/* Change p's group or session under proc_lock; the old number becomes free when nobody has it. */
void proc_set_pgrp_locked(struct proc *p, pid_t pgrp);
void proc_set_session_locked(struct proc *p, pid_t session);

/* The session of group pgrp, or 0 when nobody is in it. proc_lock held. */
pid_t pgrp_session_locked(pid_t pgrp);

/* POSIX's orphaned group: no member has a parent in another group of the same session. without: a
 * process that is on its way out and does not count, or NULL. proc_lock held. */
bool pgrp_is_orphaned_locked(pid_t pgrp, const struct proc *without);

/* What clone(2) and clone3(2) ask for. Addresses are the user's. */
struct clone {
	uint32_t flags;	      /* CLONE_*, without the signal. */
	uint32_t sp;	      /* The child's stack pointer; 0: the parent's. */
	uint32_t exit_signal; /* Sent to the parent at the end; 0: none. */
	uint32_t ptid, tls, ctid;
	bool clear_handlers; /* CLONE_CLEAR_SIGHAND. */
};

/* A new process or task. Its number, or -errno. */
pid_t proc_clone(const struct clone *c);

/* End the current process (status as wait4 gives it) or task. */
void proc_exit_group(int wait_status) __noreturn;
void task_exit(int wait_status) __noreturn;

/* Make pid 1 running path, and leave the rest to the scheduler. */
void proc_start_init(const char *path);

/* A kernel thread of this name that starts in fn(arg); NULL when out of memory. It runs at once. */
struct thread *kthread_create(const char *name, void (*fn)(void *), void *arg);

/* The same as a process: it has a number and its folder in /proc. fn never returns. */
struct thread *kproc_create(const char *name, void (*fn)(void *), void *arg);
