/* kstack.h: kernel stacks, each above a page that is never mapped. */
#pragma once

#include "kernel/lib/types.h"

/* The lowest mapped address of a new stack of KSTACK_SIZE bytes; 0 when out of memory or slots. */
uint32_t kstack_alloc(void);
void kstack_free(uint32_t kstack);

uint32_t kstack_count(void); /* Stacks there are now. */
