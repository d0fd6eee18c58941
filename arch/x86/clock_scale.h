/*
 * clock_scale.h: from TSC cycles to nanoseconds, for the kernel and for the code that it gives to
 * programs.
 */
#pragma once

#include "kernel/lib/types.h"

/* Nanoseconds since boot are (TSC - base) * mult / 2^shift. */
struct clock_scale {
	uint64_t base;
	uint32_t mult, shift; /* shift <= 32 */
};

/*
 * cycles * mult >> shift, where the product has 96 bits. Rounding the two halves apart keeps the
 * result monotonic: the low part stays below what the next value of the high part adds.
 */
static inline uint64_t clock_scale_ns(const struct clock_scale *s, uint64_t tsc)
{
	uint64_t cycles = tsc - s->base;
	uint64_t low = (uint64_t)(uint32_t)cycles * s->mult >> s->shift;
	uint64_t high = (uint64_t)(uint32_t)(cycles >> 32) * s->mult << (32 - s->shift);

	return high + low;
}
