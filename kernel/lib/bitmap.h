/* bitmap.h: bit arrays of 32-bit words. No locks: the owner guards them. */
#pragma once

#include "kernel/lib/types.h"

#define BITMAP_WORDS(nbits) (((nbits) + 31) / 32)

static inline bool bitmap_test(const uint32_t *map, uint32_t bit)
{
	return map[bit / 32] >> (bit % 32) & 1;
}

static inline void bitmap_set(uint32_t *map, uint32_t bit)
{
	map[bit / 32] |= 1u << (bit % 32);
}

static inline void bitmap_clear(uint32_t *map, uint32_t bit)
{
	map[bit / 32] &= ~(1u << (bit % 32));
}

/* First clear bit at or after from, or nbits when there is none. */
uint32_t bitmap_find_clear(const uint32_t *map, uint32_t nbits, uint32_t from);

/* First set bit at or after from, or nbits when there is none. */
uint32_t bitmap_find_set(const uint32_t *map, uint32_t nbits, uint32_t from);
