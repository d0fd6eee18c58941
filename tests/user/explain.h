/* explain.h: what the kernel log says about faults. */
#pragma once

#include "check.h"

#include <sys/klog.h>

/* The log has a line with all these words. */
static inline bool logged(const char *a, const char *b, const char *c, const char *d)
{
	static char text[1 << 16];
	int n = klogctl(3, text, sizeof(text) - 1); /* SYSLOG_ACTION_READ_ALL */

	CHECK(n > 0);
	text[n] = '\0';
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (strstr(line, a) && strstr(line, b) && strstr(line, c) && strstr(line, d))
			return true;
	return false;
}

/* A sentence is about pid's fault at this address, and has these words. */
static inline bool explained(pid_t pid, const volatile void *address, const char *where,
			     const char *what)
{
	char who[32], at[16];

	snprintf(who, sizeof(who), "[%d]", pid);
	snprintf(at, sizeof(at), "0x%08x", (unsigned int)(uintptr_t)address);
	return logged(who, at, where, what);
}
