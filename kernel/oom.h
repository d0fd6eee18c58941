/* oom.h: who dies when memory has run out. */
#pragma once

#include "kernel/lib/types.h"

/* Start the thread that kills, and register with mm. 0 or -ENOMEM. */
int oom_init(void);

/* Give back up to want frames of each cache that can be read again. How many it was. May sleep. */
uint32_t oom_shrink_caches(uint32_t want);

/* vm.panic_on_oom, and vm.oom_kill_allocating_task: who could not have a frame dies instead. */
extern uint32_t vm_panic_on_oom, vm_oom_kill_allocating_task;
