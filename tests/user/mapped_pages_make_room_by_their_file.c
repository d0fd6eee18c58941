/*
 * Pages that were changed through a mapping make room by being written to their file, never to swap: a
 * file larger than memory is filled window by window, and all of it can be read back.
 *
 * rows: E41 A11 D37
 * mem: 32M
 * disk: 96M
 * quire-only
 */
#include "counters.h"

#define FILE_SIZE (48ul << 20)
#define WINDOW (1ul << 20)

int main(void)
{
	int fd = open("large", O_RDWR | O_CREAT | O_TRUNC, 0600);
	long swapped = VMSTAT(pswpout), word;

	CHECK(fd >= 0 && ftruncate(fd, FILE_SIZE) == 0);
	for (size_t at = 0; at < FILE_SIZE; at += WINDOW) {
		char *w = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at);

		CHECK(w != MAP_FAILED);
		for (size_t i = 0; i < WINDOW; i += PAGE)
			*(long *)(w + i) = ~(long)(at + i);
		CHECK(munmap(w, WINDOW) == 0);
	}
	for (size_t at = 0; at < FILE_SIZE; at += PAGE)
		CHECK(pread(fd, &word, sizeof(word), at) == sizeof(word) && word == ~(long)at);
	CHECK(VMSTAT(pswpout) == swapped);
	CHECK(VMSTAT(pgpgout) >=
	      (long)(FILE_SIZE / 1024 / 2)); /* The rest may be in memory still. */
	return 0;
}
