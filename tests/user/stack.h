/* stack.h: where the stack is. */
#pragma once

#include "maps.h"

/* Use more stack than anything a test calls, so that only the test itself makes it grow later. */
static __attribute__((noinline)) void stack_settle(void)
{
	volatile char room[6 * PAGE];

	for (int i = sizeof(room) - 1; i >= 0; i -= PAGE)
		room[i] = 0;
}

/* The lowest address of the stack's area. */
static inline char *stack_start(void)
{
	stack_settle();
	return (char *)maps_at(__builtin_frame_address(0)).start;
}

/* The first address past it. */
static inline char *stack_end(void)
{
	return (char *)maps_at(__builtin_frame_address(0)).end;
}
