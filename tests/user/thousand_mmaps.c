/*
 * A thousand large mmaps end in ENOMEM when the addresses are used up, each usable until then;
 * freed, they can be had again.
 *
 * rows: A14 A17 A18
 * mem: 32M
 */
#include "check.h"

#define BYTES (4u << 20)
#define MAX 1100

static int map_many(char **maps)
{
	int n = 0;

	for (; n < MAX; n++) {
		maps[n] = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (maps[n] == MAP_FAILED)
			break;
		maps[n][BYTES / 2] = (char)n;
	}
	CHECK(n < MAX && errno == ENOMEM);
	for (int i = 0; i < n; i++)
		CHECK(maps[i][BYTES / 2] == (char)i && maps[i][0] == 0);
	for (int i = 0; i < n; i++)
		CHECK(munmap(maps[i], BYTES) == 0);
	return n;
}

int main(void)
{
	static char *maps[MAX];
	int n = map_many(maps);

	CHECK(n > 600);
	CHECK(map_many(maps) == n);
	return 0;
}
