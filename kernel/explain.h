/*
 * explain.h: faults told in English: one sentence in the kernel log for each, made from its event (mm/vmtrace.h).
 *
 * The option explain=1, or 1 in /proc/sys/vm/explain, turns it on. So that a program that only faults does not
 * keep the machine busy with talking, only EXPLAIN_PER_SECOND sentences are said in a second, and EXPLAIN_BURST
 * at once; how many were not is said before the next one.
 */
#pragma once

#include "kernel/lib/types.h"

#define EXPLAIN_PER_SECOND 200u
#define EXPLAIN_BURST 1000u

extern uint32_t vm_explain; /* 0 or 1. */

/* Follow a change of it. */
void explain_update(void);

/* Look at the option. Once, before the first process. */
void explain_init(void);
