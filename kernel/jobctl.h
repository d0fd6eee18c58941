/*
 * jobctl.h: job control: which processes may use their terminal (POSIX.1-2017, XBD 11.1).
 *
 * A session has at most one controlling terminal, a terminal is at most one session's; of its groups
 * one is in the foreground. The terminal stores the two numbers and asks through struct tty_jobctl_ops;
 * a process has a pointer to its terminal, under proc_lock.
 */
#pragma once

#include "kernel/proc.h"

/* Hand the terminals their table. Before the first process. */
void jobctl_init(void);

/* p ends: when it leads a session, the session loses its terminal. p is still in the tree. */
void jobctl_exit(struct proc *p);
