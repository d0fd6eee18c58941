/*
 * signal.h: sending and delivering signals.
 *
 * A signal goes to a process (any task that does not block it takes it) or to one task. Sending sets
 * a pending bit and interrupts whoever can take it; delivery happens on the way back to user mode,
 * where the frame of Linux i386 is built on the user's stack.
 */
#pragma once

#include "kernel/proc.h"

/* Send to a process, group or task; info NULL: from the kernel (SI_KERNEL). 0 or -errno (-EAGAIN when
 * a real-time signal finds no memory). Signal 0 only checks. Any context but interrupt-off spinning. */
int signal_send_proc(struct proc *p, int sig, const struct siginfo *info);
int signal_send_task(struct task *t, int sig, const struct siginfo *info);
int signal_send_pgrp(pid_t pgrp, int sig, const struct siginfo *info); /* -ESRCH: no such group. */

/* An exception of the current task: cannot be ignored; blocked or ignored means death. */
void signal_raise_fault(int sig, int code, uint32_t addr, uint32_t trapno, uint32_t error);

/* On the way to user mode, interrupts on: deliver what is pending, stop, or die. Also restarts or
 * ends an interrupted system call (tf->orig_eax >= 0 and eax one of the -ERESTART codes). */
void signal_deliver(struct trapframe *tf);

/* Recompute thread.signal_pending of the current task, after its mask changed. */
void signal_recalc(void);

/* Change the current task's mask. */
void signal_set_blocked(uint64_t mask);

/* True when a fatal signal is on its way to the current task: long kernel work gives up. */
bool signal_fatal_pending(void);

/* Fork and exec. */
void signal_init_proc(struct proc *p);
void signal_fork(struct proc *child, const struct proc *parent);
void signal_exec(struct proc *p); /* Handlers become default. */
void sigpending_flush(struct sigpending *s);

/* Kernel-internal results of interrupted calls, never seen by users (Linux's numbers). */
#define ERESTARTSYS 512		 /* Restart if SA_RESTART, else -EINTR. */
#define ERESTARTNOINTR 513	 /* Always restart. */
#define ERESTARTNOHAND 514	 /* Restart only when no handler ran. */
#define ERESTART_RESTARTBLOCK 516 /* Restart through restart_syscall. */
