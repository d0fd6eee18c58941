/* policy.h: for programs about /proc/sys/vm/policy. */
#pragma once

#include "check.h"

/* All that can be chosen. */
static const char *const policies[] = {"fifo",	"random", "clock",   "twohand", "nru",
				       "aging", "active", "wsclock", "car"};

#define POLICIES (int)(sizeof(policies) / sizeof(policies[0]))

/* 0, or -1 with errno. */
static inline int policy_choose(const char *name)
{
	int fd = open("/proc/sys/vm/policy", O_WRONLY);
	ssize_t n;

	CHECK(fd >= 0);
	n = write(fd, name, strlen(name));
	close(fd);
	return n == (ssize_t)strlen(name) ? 0 : -1;
}

static inline bool policy_is(const char *name)
{
	char found[32] = "";
	int fd = open("/proc/sys/vm/policy", O_RDONLY);

	CHECK(fd >= 0 && read(fd, found, sizeof(found) - 1) > 0 && close(fd) == 0);
	found[strcspn(found, "\n")] = '\0';
	return strcmp(found, name) == 0;
}
