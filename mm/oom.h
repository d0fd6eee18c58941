/*
 * oom.h: what happens when a page fault cannot have a frame and reclaim finds none.
 *
 * mm cannot know who should die; the process layer hands down a function that kills one process and says
 * why in the log.
 */
#pragma once

#include "kernel/lib/types.h"

/* kill() chooses and kills a process, waits a little for its memory, and returns true when the
 * caller should try again, false when the caller itself must go. May sleep. */
void oom_set_killer(bool (*kill)(void));

/* Called by the fault path without any lock: true = try again. */
bool oom_wait(void);
