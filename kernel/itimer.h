/*
 * itimer.h: a process's interval timers (setitimer(2)) and its limit of CPU time.
 *
 * ITIMER_REAL is a struct sigtimer. The other two and RLIMIT_CPU count CPU time, by what the ticks meet;
 * the tick itself may not send signals, so it leaves a mark and interrupts the task.
 */
#pragma once

#include "kernel/proc.h"

void itimer_init_proc(struct proc *p);

/* Stop all of p's: exit. May sleep. */
void itimer_exit(struct proc *p);

/* From the tick, with interrupts off: the current thread has used it up. */
void itimer_tick(bool from_user);

/* Send what ticks have marked. The current process. */
void itimer_send_expired(struct proc *p);
