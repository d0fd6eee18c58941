/* policy.h: for programs about /proc/sys/vm/policy, and memory that is used meanwhile. */
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

#define ROUNDS 4

/* Each page says which page and round it is of. */
static inline void use_memory(volatile uint32_t (*page)[PAGE / 4], uint32_t pages)
{
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		for (uint32_t i = 0; i < pages; i++) {
			CHECK(page[i][i % (PAGE / 4)] == (round > 1 ? i * ROUNDS + round - 1 : 0));
			page[i][i % (PAGE / 4)] = i * ROUNDS + round;
		}
	}
}

/* Let a child use these pages, which are zero, and switch from policy to policy while it does. */
static inline void switch_while_used(void *memory, uint32_t pages)
{
	int status, switches = 0;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		use_memory(memory, pages);
		_exit(0);
	}
	for (; waitpid(pid, &status, WNOHANG) == 0; switches++) {
		CHECK(policy_choose(policies[switches % POLICIES]) == 0);
		sleep_ms(20);
	}
	CHECK(status == 0 && switches >= POLICIES);
}
