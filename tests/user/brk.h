/* brk.h: the break, by the bare system call: musl's sbrk only tells where it is. */
#pragma once

#include "check.h"

#include <sys/syscall.h>

/* brk(2) as the kernel has it: the break afterwards, unchanged when it cannot be moved. */
static inline char *brk_set(const void *to)
{
	return (char *)syscall(SYS_brk, to);
}

/* sbrk(2): the old break, or NULL when it cannot move by delta. */
static inline char *brk_move(intptr_t delta)
{
	char *old = brk_set(NULL);

	return brk_set(old + delta) == old + delta ? old : NULL;
}
