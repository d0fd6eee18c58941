/*
 * random.h: the kernel's random numbers, one generator for /dev/random, /dev/urandom, getrandom(2),
 * AT_RANDOM and address layout.
 */
#pragma once

#include "kernel/lib/types.h"

/* Fill buf. Any context that may take a lock of RANK_LEAF. Good from the first call where the CPU
 * has RDRAND; else as good as the timing of boot and the clock. */
void random_fill(void *buf, size_t n);

static inline uint32_t random_u32(void)
{
	uint32_t v;

	random_fill(&v, sizeof(v));
	return v;
}

/* Stir in something an outsider cannot know, e.g. the time of an interrupt. Context as above. */
void random_stir(uint32_t value);
