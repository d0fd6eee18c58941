/*
 * Files in memory end in ENOSPC before memory does, and their frames come back when they go.
 *
 * rows: A6 A14
 * quire-only
 * mem: 32M
 */
#include "counters.h"

#define PART (64 * PAGE)

static void fill(void)
{
	int fd = temp_file(0);
	static char part[PART];
	char *p = map_anon(1 << 20);
	ssize_t n;

	while ((n = write(fd, part, PART)) > 0)
		;
	CHECK(n == -1 && errno == ENOSPC);
	CHECK(lseek(fd, 0, SEEK_END) > 4 << 20);
	touch_write(p, 1 << 20, 1); /* There is memory left. */
	CHECK(munmap(p, 1 << 20) == 0);
	close(fd);
}

int main(void)
{
	long before;

	fill();
	before = frames_free();
	for (int i = 0; i < 3; i++) {
		fill();
		CHECK(before - frames_free() <= 4);
	}
	return 0;
}
