/* xorshift.h: Marsaglia's generator of 2003: the same numbers from the same seed on every machine, which is
 * what tests and experiments want, and nothing that must not be guessed. */
#pragma once

#include <stdint.h>

/* The next number, and the next state: never 0, if the seed was not. */
static inline uint32_t xorshift32(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}
