/*
 * kstack.h: kernel stacks, each above a page that is never mapped.
 *
 * A sleeping thread's may leave memory: thread_stack_take(t), kstack_page_out(t), thread_stack_set(t, STACK_OUT);
 * swapin brings it back when the thread is woken (mm/swapin.c).
 */
#pragma once

#include "kernel/lib/types.h"

/* The lowest mapped address of a new stack of KSTACK_SIZE bytes; 0 when out of memory or slots. */
uint32_t kstack_alloc(void);
void kstack_free(uint32_t kstack);

uint32_t kstack_count(void); /* Stacks that are in memory now. */

struct thread;

/* Take the stack of t, which cannot run meanwhile, out of memory. 0; -ENOSPC: there is no swap for it; -ENOMEM. Then it
 * is still there. One thread's business: the swapper's. May sleep. */
int kstack_page_out(const struct thread *t);

/* Bring it back. 0; -ENOMEM or -EIO: then it is still out. May sleep. */
int kstack_page_in(const struct thread *t);
