/*
 * oom.h: what happens when memory runs low, and when a page fault cannot have a frame.
 *
 * mm cannot know who should die, nor which files there are; the process layer hands down a function
 * that kills one process and says why in the log, and one that drops pages of files.
 */
#pragma once

#include "kernel/lib/types.h"

/* kill() chooses and kills a process, waits a little for its memory, and returns true when the
 * caller should try again, false when the caller itself must go. May sleep. */
void oom_set_killer(bool (*kill)(void));

/* Called by the fault path without any lock: true = try again. */
bool oom_wait(void);

/* shrink() has somebody drop cached pages of all files; with wait, a moment for the first to go. */
void oom_set_shrinker(void (*shrink)(bool wait));

/* Called by the page cache when it is about to take one of the last frames. May sleep. */
void oom_shrink(void);
