/* bitmap.c: searching bit arrays a word at a time. */

#include "kernel/lib/bitmap.h"

/* First bit at or after from that is set in the map with all words flipped by mask. */
static uint32_t find(const uint32_t *map, uint32_t nbits, uint32_t from, uint32_t flip)
{
	while (from < nbits) {
		uint32_t word = (map[from / 32] ^ flip) >> (from % 32);

		if (word) {
			uint32_t bit = from + (uint32_t)__builtin_ctz(word);

			return MIN(bit, nbits);
		}
		from = ALIGN_DOWN(from, 32u) + 32;
	}
	return nbits;
}

uint32_t bitmap_find_clear(const uint32_t *map, uint32_t nbits, uint32_t from)
{
	return find(map, nbits, from, UINT32_MAX);
}

uint32_t bitmap_find_set(const uint32_t *map, uint32_t nbits, uint32_t from)
{
	return find(map, nbits, from, 0);
}
