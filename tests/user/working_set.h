/* working_set.h: a process and its /proc/self/working_set. */
#pragma once

#include "check.h"

struct working_set {
	uint32_t limit, pages, faults, evictions;
};

/* Does it take text? */
static inline bool working_set_set(const char *text)
{
	int fd = open("/proc/self/working_set", O_WRONLY);
	ssize_t n = strlen(text);
	bool taken;

	CHECK(fd >= 0);
	taken = write(fd, text, n) == n;
	close(fd);
	return taken;
}

/* False when there is none. */
static inline bool working_set_get(struct working_set *ws)
{
	FILE *file = fopen("/proc/self/working_set", "r");
	int n;

	CHECK(file);
	n = fscanf(file, "limit %u policy %*s pages %u faults %u evictions %u", &ws->limit,
		   &ws->pages, &ws->faults, &ws->evictions);
	fclose(file);
	return n == 4;
}
