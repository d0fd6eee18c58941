/* swap.h: pages that a test sends to swap and looks for there. */
#pragma once

#include "counters.h"

#define SWAP_USED (counter("/proc/meminfo", "SwapTotal") - counter("/proc/meminfo", "SwapFree"))

/* What /proc/self/pagemap says of the page: bit 63 it is in memory, bit 62 in swap, then bits 0-4 area, 5 on slot. */
static inline uint64_t pagemap_of(const void *at)
{
	uint64_t word = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	CHECK(pread(fd, &word, sizeof(word), (off_t)((uintptr_t)at / PAGE * sizeof(word))) == 8);
	close(fd);
	return word;
}

#define IN_SWAP(at) ((pagemap_of(at) >> 62) == 1)

/* Pages of private memory, page i filled with i + 1, all in swap. */
static inline char *pages_in_swap(size_t pages)
{
	char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	CHECK(at != MAP_FAILED);
	for (size_t i = 0; i < pages; i++)
		memset(at + i * PAGE, (int)i + 1, PAGE);
	CHECK(madvise(at, pages * PAGE, MADV_PAGEOUT) == 0);
	for (size_t i = 0; i < pages; i++)
		CHECK(IN_SWAP(at + i * PAGE));
	return at;
}
