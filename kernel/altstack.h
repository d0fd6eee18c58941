/* altstack.h: a task's alternate stack for signal handlers, sigaltstack(2). */
#pragma once

#include "kernel/proc.h"

/* Is this stack pointer on the current alternate stack? Linux's rule: (sp, sp + size]. */
bool altstack_holds(const struct task *t, uint32_t sp);

/* Would a handler with SA_ONSTACK begin on it, coming from this stack pointer? */
bool altstack_usable(const struct task *t, uint32_t sp);

/* As sigreturn finds it in a frame: what cannot be set is left, as nobody could be told. */
void altstack_restore(const struct sigstack *ss, uint32_t sp);
