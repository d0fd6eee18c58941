/* sigframe.h: the frame of a signal handler on the user's stack. Its layout: kernel/abi/ucontext.h. */
#pragma once

#include "kernel/proc.h"

/* Make tf, the current task's, call act's handler for info, and return to what tf was with this mask.
 * 0, or -EFAULT when the stack cannot be written; tf is unchanged then. May sleep. */
int sigframe_push(struct trapframe *tf, const struct siginfo *info, const struct sigaction_k *act,
		  uint64_t mask);
