/* futex.h: sleeping on a word of user memory (futex(2)). */
#pragma once

#include "kernel/proc.h"

/* Wake up to count waiters of the word at this address of the current task's memory. The number
 * woken, or -EFAULT, -EINVAL. May sleep. */
int32_t futex_wake(uint32_t va, uint32_t count);

/* The current task is leaving its memory: mark the locks of its robust list as ownerless. */
void futex_exit_robust(struct task *t);
