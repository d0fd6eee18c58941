/*
 * swapper.h: under the Windows personality, processes that nobody uses give all their memory back: what has not run
 * for vm.swapper_idle_secs loses the kernel stacks of its tasks and its whole working set, the guaranteed part too.
 */
#pragma once

#include "kernel/lib/types.h"

extern uint32_t vm_swapper_idle_secs;

/* Start the kernel thread "swapper", if that is the personality. 0 or -ENOMEM. */
int swapper_init(void);
