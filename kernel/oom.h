/* oom.h: who dies when memory has run out. */
#pragma once

#include "kernel/lib/types.h"
#include "kernel/proc.h"

/* Start the thread that kills, and register with mm. 0 or -ENOMEM. */
int oom_init(void);

/* Give back up to want frames of each cache that can be read again. How many it was. May sleep. */
uint32_t oom_shrink_caches(uint32_t want);

/* How likely p is to be chosen: Linux's 0 to 2000. May sleep. */
uint32_t oom_score(struct proc *p);
