/* pageout.h: what /proc says about evictions. */
#pragma once

#include "check.h"

/* The counter of this name in /proc/vmstat. */
static inline unsigned long vmstat(const char *name)
{
	FILE *f = fopen("/proc/vmstat", "r");
	char label[64];
	unsigned long value = 0, found = 0;

	CHECK(f != NULL);
	while (fscanf(f, "%63s %lu", label, &value) == 2)
		if (strcmp(label, name) == 0)
			found = value;
	fclose(f);
	return found;
}

/* How many of n pages are in memory. */
static inline size_t resident(void *p, size_t n)
{
	unsigned char *vec = malloc(n);
	size_t sum = 0;

	CHECK(vec && mincore(p, n * PAGE, vec) == 0);
	for (size_t i = 0; i < n; i++)
		sum += vec[i] & 1;
	free(vec);
	return sum;
}
