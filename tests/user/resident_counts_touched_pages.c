/*
 * /proc/self/statm counts a page as virtual from mmap on and as resident from its first touch on; a
 * child inherits both.
 *
 * rows: B1 B2 B6 B7 B15 B16
 * quire-only
 */
#include "counters.h"

static void statm(long *pages, long *resident)
{
	static char text[128];
	int fd = open("/proc/self/statm", O_RDONLY);

	for (int round = 0; round < 2; round++) { /* Once for the pages that reading needs. */
		CHECK(fd >= 0 && pread(fd, text, sizeof(text) - 1, 0) > 0);
		CHECK(sscanf(text, "%ld %ld", pages, resident) == 2);
	}
	close(fd);
}

static void child(void *arg)
{
	long *parent = arg, pages, resident, before;

	statm(&pages, &before);
	CHECK(pages == parent[0] && before >= parent[1]);
	((char *)parent[2])[4 * PAGE] = 1;
	statm(&pages, &resident);
	CHECK(resident == before + 1);
}

int main(void)
{
	long pages, resident, now[3];
	char *p;

	image_settle();
	statm(&pages, &resident);
	p = map_anon(5 * PAGE);
	statm(&now[0], &now[1]);
	CHECK(now[0] == pages + 5 && now[1] == resident);
	p[0] = p[3 * PAGE] = 1;
	statm(&now[0], &now[1]);
	CHECK(now[0] == pages + 5 && now[1] == resident + 2);
	now[2] = (long)p;
	CHECK(child_run(child, now) == 0);
	CHECK(munmap(p, 4 * PAGE) == 0);
	statm(&now[0], &now[1]);
	CHECK(now[0] == pages + 1 && now[1] == resident);
	return 0;
}
