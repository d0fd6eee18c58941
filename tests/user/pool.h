/* pool.h: for programs about the compressed pool: pages that compress, or do not. */
#pragma once

#include "counters.h"

#define MEMINFO(name) counter("/proc/meminfo", #name)

enum contents {
	TEXT,	/* Compresses to less than half. */
	NOISE,	/* Does not compress. */
	FILLED, /* One word over and over. */
};

static inline uint32_t word_of(enum contents contents, uint32_t page, uint32_t i)
{
	uint32_t x = (page * 1024 + i + 1) * 2654435761u;

	x = (x ^ x >> 15) * 2246822519u;
	x ^= x >> 13;
	return contents == FILLED || (contents == TEXT && i % 8) ? page + 1 : x;
}

/* No page is like another. */
static inline void pages_fill(char *memory, uint32_t pages, enum contents contents)
{
	uint32_t *words = (uint32_t *)memory;

	for (uint32_t page = 0; page < pages; page++)
		for (uint32_t i = 0; i < PAGE / 4; i++)
			*words++ = word_of(contents, page, i);
}

static inline bool pages_are(const char *memory, uint32_t pages, enum contents contents)
{
	const uint32_t *words = (const uint32_t *)memory;

	for (uint32_t page = 0; page < pages; page++)
		for (uint32_t i = 0; i < PAGE / 4; i++)
			if (*words++ != word_of(contents, page, i))
				return false;
	return true;
}

static inline bool vm_zpool(void)
{
	char on = '?';
	int fd = open("/proc/sys/vm/zpool", O_RDONLY);

	CHECK(fd >= 0 && read(fd, &on, 1) == 1 && close(fd) == 0);
	return on == '1';
}
