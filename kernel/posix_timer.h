/* posix_timer.h: a process's timers of timer_create(2). */
#pragma once

#include "kernel/proc.h"

void posix_timers_init_proc(struct proc *p);

/* Delete all: exit and execve. Nobody else can reach them any more. May sleep. */
void posix_timers_exit(struct proc *p);
