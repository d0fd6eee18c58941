/* signal_internal.h: what the files about signals share. */
#pragma once

#include "kernel/signal.h"

#define SIGBIT(sig) (1ull << ((sig)-1))

/* What a signal does without a handler (signal(7)): none of these sets means it ends the process. */
#define SIGNALS_CORE                                                                               \
	(SIGBIT(SIGQUIT) | SIGBIT(SIGILL) | SIGBIT(SIGTRAP) | SIGBIT(SIGABRT) | SIGBIT(SIGBUS) |   \
	 SIGBIT(SIGFPE) | SIGBIT(SIGSEGV) | SIGBIT(SIGXCPU) | SIGBIT(SIGXFSZ) | SIGBIT(SIGSYS))
#define SIGNALS_IGNORED (SIGBIT(SIGCHLD) | SIGBIT(SIGCONT) | SIGBIT(SIGURG) | SIGBIT(SIGWINCH))
#define SIGNALS_STOP (SIGBIT(SIGSTOP) | SIGBIT(SIGTSTP) | SIGBIT(SIGTTIN) | SIGBIT(SIGTTOU))

#define SIGNALS_UNBLOCKABLE (SIGBIT(SIGKILL) | SIGBIT(SIGSTOP))

/* What the CPU raises: handled before others, for it belongs to the instruction just executed. */
#define SIGNALS_SYNCHRONOUS                                                                        \
	(SIGBIT(SIGSEGV) | SIGBIT(SIGBUS) | SIGBIT(SIGILL) | SIGBIT(SIGTRAP) | SIGBIT(SIGFPE) |    \
	 SIGBIT(SIGSYS))

static inline bool siginfo_is_fault(const struct siginfo *info)
{
	return info->code > 0 && SIGNALS_SYNCHRONOUS & SIGBIT(info->signo);
}

/* ---- sigpending.c: entries; no lock of RANK_LEAF is held ---- */

/* An entry for a signal that is to be added to s; info NULL: from the kernel. NULL when there is no memory.
 * proc_lock is held until it is added or freed: it may be s's own. */
struct sigqueue *sigqueue_alloc(struct sigpending *s, int sig, const struct siginfo *info);
void sigqueue_free(struct sigqueue *q); /* Unless it is embedded. NULL is allowed. */

/* Take all entries off the list, and free those that are nobody's part. */
void sigqueue_free_all(struct list *entries);

/* ---- sigpending.c: queues; sig_lock held ---- */

/* An empty one, which nobody else knows yet. */
void sigpending_init(struct sigpending *s);

/* Make sig pending, with q when it is not NULL. */
void sigpending_add(struct sigpending *s, int sig, struct sigqueue *q);

/* Take q off s, which holds it. */
void sigpending_remove(struct sigpending *s, struct sigqueue *q);

/* Make nothing of set pending; its entries are moved to out. */
void sigpending_discard(struct sigpending *s, uint64_t set, struct list *out);

/* Take sig, which is pending, off s. Its entry, for the caller to free, or NULL. */
struct sigqueue *sigpending_take(struct sigpending *s, int sig, struct siginfo *info);

/* ---- signal.c ---- */

/* Send to the whole process, or to t of it alone when t is not NULL. proc_lock held. */
int signal_send_locked(struct proc *p, struct task *t, int sig, const struct siginfo *info);

/* Take the first pending signal of set off the current task's queues, or its process's: its number,
 * *info and, when act is given, the action it had; SA_RESETHAND is done. 0: none. */
int signal_take(struct task *t, uint64_t set, struct siginfo *info, struct sigaction_k *act);

/* Remove the signals of set from p's queues and all its tasks'. proc_lock held. */
void signal_discard_locked(struct proc *p, uint64_t set);

/* What is pending for p as a whole and one task cannot take any more: interrupt another. proc_lock and
 * sig_lock held. */
void signal_retarget_locked(struct proc *p, uint64_t set);

/* Make the current task take this signal: when it is blocked or ignored, its action becomes the default. */
void signal_force(int sig, const struct siginfo *info);

/* ---- sigstop.c; proc_lock held ---- */

/* Stop p for sig, unless its group is orphaned and sig is none that always stops. */
void stop_begin_locked(struct proc *p, int sig);

/* Let p go on if it was stopped; continued: by SIGCONT, which the parent learns. */
void stop_end_locked(struct proc *p, bool continued);

/* Tell the parent once every task of p stands still. */
void stop_check_locked(struct proc *p);

/* The current task stands still while its process is stopped. Takes proc_lock itself. True when it did. */
bool stop_wait(struct task *t);
