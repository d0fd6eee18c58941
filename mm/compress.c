/*
 * compress.c: LZ4 as the kernel has it: the one source file, with all of it private to this one, so that only the
 * two functions that are used go into the kernel. It allocates nothing, and its hash table is made for pages.
 *
 * It copies words of a few bytes everywhere. The compiler, which must not know a freestanding memcpy by its name, is
 * told that it may: else each of them is a call.
 */

#include "mm/compress.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

#define LZ4_FREESTANDING 1
#define LZ4_MEMORY_USAGE 12 /* A power of two: 2048 places of 16 bits. */
#define LZ4LIB_VISIBILITY static
#define LZ4_memcpy __builtin_memcpy
#define LZ4_memmove __builtin_memmove
#define LZ4_memset __builtin_memset

#include <lz4.c>

_Static_assert(sizeof(LZ4_stream_t) <= LZ4_STATE_SIZE, "compress.h has too little room");

uint32_t lz4_compress(void *state, const void *from, uint32_t n, void *to, uint32_t room)
{
	return (uint32_t)LZ4_compress_fast_extState(state, from, to, (int)n, (int)room, 1);
}

bool lz4_decompress(const void *from, uint32_t length, void *to, uint32_t n)
{
	return LZ4_decompress_safe(from, to, (int)length, (int)n) == (int)n;
}
