/* compress.h: LZ4's block format (https://github.com/lz4/lz4, doc/lz4_Block_format.md), from Debian's source of it. */
#pragma once

#include "kernel/lib/types.h"

/* Bytes of lz4_compress()'s memory, of which it needs no contents. */
#define LZ4_STATE_SIZE (4096 + 64)

/* Compress n bytes into at most room: their new length, 0: they do not fit. */
uint32_t lz4_compress(void *state, const void *from, uint32_t n, void *to, uint32_t room);

/* The opposite, into exactly n bytes: false when from holds no such thing. */
bool lz4_decompress(const void *from, uint32_t length, void *to, uint32_t n);
