/* sigframe.h: the frame of a signal handler on the user's stack. Its layout: kernel/abi/ucontext.h. */
#pragma once

#include "arch/x86/fpu_frame.h"
#include "kernel/abi/ucontext.h"
#include "kernel/proc.h"

/* The most stack that one takes, both alignments included: AT_MINSIGSTKSZ. */
#define SIGFRAME_MAX (sizeof(struct sigframe) + sizeof(struct fpu_frame) + 64 + 16)

/* Make tf, the current task's, call act's handler for info, and return to what tf was with this mask.
 * 0, or -EFAULT when the stack cannot be written; tf is unchanged then. May sleep. */
int sigframe_push(struct trapframe *tf, const struct siginfo *info, const struct sigaction_k *act,
		  uint64_t mask);
