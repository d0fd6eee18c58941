/* maps.h: what /proc/self/maps says about a range of addresses. Allocates nothing. */
#pragma once

#include "check.h"

struct area {
	uintptr_t start, end;
	char prot[5];  /* Such as "rw-p". */
	char name[64]; /* Path, "[heap]" and the like, or empty. */
};

/* The n-th area that overlaps [start, end), counted from 0; false when there are fewer. */
static inline bool maps_nth(uintptr_t start, uintptr_t end, int n, struct area *out)
{
	static char text[1 << 17];
	int fd = open("/proc/self/maps", O_RDONLY);
	ssize_t part, len = 0;
	bool found = false;

	CHECK(fd >= 0);
	while ((part = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += part;
	CHECK(part == 0 && len < (ssize_t)sizeof(text) - 1);
	text[len] = '\0';
	close(fd);
	for (char *line = strtok(text, "\n"); line && !found; line = strtok(NULL, "\n")) {
		struct area a = {.name = ""};

		CHECK(sscanf(line, "%x-%x %4s %*s %*s %*s %63s", &a.start, &a.end, a.prot,
			     a.name) >= 3);
		if (a.start < end && start < a.end && n-- == 0) {
			*out = a;
			found = true;
		}
	}
	return found;
}

/* The area that holds address; it must exist. */
static inline struct area maps_at(const void *address)
{
	struct area a;

	CHECK(maps_nth((uintptr_t)address, (uintptr_t)address + 1, 0, &a));
	return a;
}

/* How many areas overlap the range. */
static inline int maps_count(const void *start, size_t bytes)
{
	struct area a;
	int n = 0;

	while (maps_nth((uintptr_t)start, (uintptr_t)start + bytes, n, &a))
		n++;
	return n;
}

static inline bool maps_is(const void *address, const char *prot)
{
	return strcmp(maps_at(address).prot, prot) == 0;
}
