/*
 * However swappiness weighs them, when the pages of files are locked in memory others go to swap, and when all private
 * ones are locked pages of files go.
 *
 * rows: A43 E29
 * quire-only
 * disk: 64M
 * mem: 32M
 * swap: 96M
 * timeout: 120
 */
#include "counters.h"

#define FILE_BYTES (14u << 20)
#define SWAPPED (24u << 20)
#define LOCKED (20u << 20)

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	char *file = mmap(NULL, FILE_BYTES, PROT_READ, MAP_SHARED, fd, 0), *p = map_anon(SWAPPED);

	CHECK(fd >= 0 && file != MAP_FAILED);
	CHECK(ftruncate(fd, FILE_BYTES) == 0);

	switch_set("/proc/sys/vm/swappiness", "0");
	CHECK(mlock(file, FILE_BYTES) == 0);
	touch_write(p, SWAPPED, 1);
	CHECK(pages_hold(p, SWAPPED, 1));
	CHECK(munlockall() == 0 && munmap(p, SWAPPED) == 0);

	switch_set("/proc/sys/vm/swappiness", "200");
	CHECK(mlock(map_anon(LOCKED), LOCKED) == 0);
	CHECK(pages_hold(file, FILE_BYTES, 0));
	return 0;
}
