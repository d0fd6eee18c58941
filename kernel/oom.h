/* oom.h: who dies when memory has run out. */
#pragma once

#include "kernel/lib/types.h"

/* Start the thread that kills, and register with mm. 0 or -ENOMEM. */
int oom_init(void);

/* vm.panic_on_oom, and vm.oom_kill_allocating_task: who could not have a frame dies instead. */
extern uint32_t vm_panic_on_oom, vm_oom_kill_allocating_task;
