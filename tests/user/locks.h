/* locks.h: what /proc/self says about locked memory, and being somebody with limits. */
#pragma once

#include "check.h"

#include <grp.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif

/* VmLck of the process, in pages. */
static inline long locked_pages(void)
{
	char text[4096], *at;
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(fd);
	at = strstr(text, "VmLck:");
	CHECK(at);
	return atol(at + 6) / 4;
}

/* Become somebody who may lock so many pages. */
static inline void limit_locks(unsigned pages)
{
	struct rlimit limit = {pages * PAGE, pages * PAGE};

	CHECK(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
	if (geteuid() == 0)
		CHECK(setresuid(65534, 65534, 65534) == 0);
}

static inline int resident(void *p, size_t pages)
{
	unsigned char vec[64];
	int n = 0;

	CHECK(mincore(p, pages * PAGE, vec) == 0);
	while (pages-- > 0)
		n += vec[pages] & 1;
	return n;
}

static inline long lock2(void *p, size_t bytes, int flags)
{
	return syscall(SYS_mlock2, p, bytes, flags);
}
