/* outgrow.h: memory larger than the machine's, every word of which is known. */
#pragma once

#include "check.h"

#define PAGE_WORDS (PAGE / sizeof(uint32_t))

/* Word i of page n as seed has it. Every other page compresses. */
static inline uint32_t word_of(uint32_t seed, uint32_t n, uint32_t i)
{
	return (n * PAGE_WORDS + (n % 2 ? i : i & ~3u)) * 0x9e3779b1u ^ seed;
}

static inline void page_fill(uint32_t *page, uint32_t seed, uint32_t n)
{
	for (uint32_t i = 0; i < PAGE_WORDS; i++)
		page[i] = word_of(seed, n, i);
}

static inline bool page_is(const uint32_t *page, uint32_t seed, uint32_t n)
{
	for (uint32_t i = 0; i < PAGE_WORDS; i++) {
		if (page[i] == word_of(seed, n, i))
			continue;
		dprintf(2, "page %u, word %u: %x, not %x\n", n, i, page[i], word_of(seed, n, i));
		return false;
	}
	return true;
}

static inline void pages_fill(uint32_t *p, uint32_t pages, uint32_t seed)
{
	for (uint32_t n = 0; n < pages; n++)
		page_fill(p + n * PAGE_WORDS, seed, n);
}

static inline void pages_check(const uint32_t *p, uint32_t pages, uint32_t seed)
{
	for (uint32_t n = 0; n < pages; n++)
		CHECK(page_is(p + n * PAGE_WORDS, seed, n));
}

/* A place after which all others of [0, n) come once before it does again: n must not be a multiple of 7919. */
static inline uint32_t elsewhere(uint32_t i, uint32_t n)
{
	return (uint32_t)((uint64_t)i * 7919 % n);
}

/* The first argument in MiB, as pages. */
static inline uint32_t pages_asked(char **argv)
{
	return argv[1] ? (uint32_t)atoi(argv[1]) * ((1 << 20) / PAGE) : 256;
}
