/*
 * signal.h: sending and delivering signals.
 *
 * A signal goes to a process (any task that does not block it takes it) or to one task. Sending sets
 * a pending bit and interrupts whoever can take it; delivery happens on the way back to user mode,
 * where the frame of Linux i386 is built on the user's stack.
 *
 *	sender:	  signal_send_proc(p, SIGTERM, NULL);
 *	receiver: a sleep ends with -EINTR, its call returns -ERESTARTSYS (kernel/abi/restart.h), and
 *		  trap_leave() calls signal_deliver(), which runs the handler, and restarts the call or not.
 *
 * signal.c sends, sigdeliver.c delivers, sigstop.c stops and continues, sigframe.c and altstack.c know
 * the user's stack.
 */
#pragma once

#include "kernel/abi/restart.h"
#include "kernel/proc.h"

/* Send to a process, group or task; info NULL: from the kernel (SI_KERNEL). 0 or -errno (-EAGAIN when
 * a real-time signal finds no memory or the limit of RLIMIT_SIGPENDING). Signal 0 is nothing, and a
 * dead process takes everything. Thread context, no spinlock below proc_lock's rank; proc_lock is held
 * for the _locked form and not for the others. t is current or kept alive by the caller. */
int signal_send_proc(struct proc *p, int sig, const struct siginfo *info);
int signal_send_proc_locked(struct proc *p, int sig, const struct siginfo *info);
int signal_send_task(struct task *t, int sig, const struct siginfo *info);
int signal_send_pgrp(pid_t pgrp, int sig, const struct siginfo *info); /* -ESRCH: no such group. */

/* Send p, or its task of number tid when that is not 0, what entry holds: it is queued unless it still
 * is, when info.overrun counts instead. The entry is embedded in the caller's object, which calls
 * signal_take_back() before it goes. 0, or -ESRCH when there is no such task. */
int signal_send_entry(struct proc *p, pid_t tid, struct sigqueue *entry, uint32_t times);
void signal_take_back(struct proc *p, struct sigqueue *entry);

/* An exception of the current task: cannot be ignored; blocked or ignored means death. trapno and error
 * are the CPU's, for the handler's sigcontext. */
void signal_raise_fault(int sig, int code, uint32_t addr, uint32_t trapno, uint32_t error);

/* On the way to user mode, interrupts on: deliver what is pending, stop, or die. Also restarts or
 * ends an interrupted system call (tf->orig_eax >= 0 and eax one of the -ERESTART codes). */
void signal_deliver(struct trapframe *tf);

/* Recompute thread.signal_pending of the current task, after its mask changed. */
void signal_recalc(void);

/* Change the current task's mask. SIGKILL and SIGSTOP are taken out of it. */
void signal_set_blocked(uint64_t mask);

/* The same until a call such as ppoll ends: the handler that ends it still runs under mask, and what it
 * returns to has the old one again. interrupted: the call ends because signal_pending is set. */
void signal_begin_temporary(uint64_t mask);
void signal_end_temporary(bool interrupted);

/* True when a fatal signal is on its way to the current task: long kernel work gives up. */
bool signal_fatal_pending(void);

/* Objects that nobody knows yet. */
void signal_init_proc(struct proc *p);
void signal_init_task(struct task *t);

/* Fork and exec. */
void signal_fork(struct proc *child, const struct proc *parent);
/* What has a handler becomes default; what is ignored stays so. */
void signal_clear_handlers(struct proc *p);
void signal_exec(struct proc *p); /* Handlers become default; timers go. May sleep. */

/* The current task begins to exit: what it might have taken goes to others. proc_lock is not held. */
void signal_task_leaves(struct task *t);

/* Free what is queued; nobody else knows s any more. */
void sigpending_flush(struct sigpending *s);
