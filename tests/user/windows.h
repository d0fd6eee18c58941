/* windows.h: for programs that run under the Windows personality. */
#pragma once

#include "counters.h"

/* The number behind name in what /proc says of pid's working set. */
static inline long working_set(pid_t pid, const char *name)
{
	char path[64], text[256] = "", key[32];
	const char *at;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/working_set", pid);
	snprintf(key, sizeof(key), "%s ", name);
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	at = strstr(text, key);
	CHECK(at);
	return strtol(at + strlen(key), NULL, 10);
}

/* Kernel stacks that are out of memory now. */
#define STACKS_OUT (VMSTAT(kstack_out) - VMSTAT(kstack_in))

/* Wait until so many are; all who are idle for a second are swapped out. */
static inline void stacks_await(long n)
{
	time_t begin = time(NULL);

	switch_set("/proc/sys/vm/swapper_idle_secs", "1");
	while (STACKS_OUT < n) {
		CHECK(time(NULL) - begin < 60);
		sleep_ms(100);
	}
}

/* Let those go that sleep anyhow, such as init's. How many are out then. */
static inline long stacks_settle(void)
{
	long before, now = -1;

	do {
		before = now;
		stacks_await(0);
		sleep_ms(2500);
		now = STACKS_OUT;
	} while (now != before);
	return now;
}

struct sleeper {
	pid_t pid;
	int wake; /* What is written here ends it. */
};

/* A process that writes to so many pages, sleeps, and then finds what it wrote. */
static inline struct sleeper sleeper_start(unsigned pages)
{
	int ready[2], wake[2];
	struct sleeper s;
	char c = 0;

	CHECK(pipe(ready) == 0 && pipe(wake) == 0);
	s.wake = wake[1];
	s.pid = fork();
	CHECK(s.pid >= 0);
	if (s.pid == 0) {
		uint32_t *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		CHECK(p != MAP_FAILED);
		for (unsigned i = 0; i < pages; i++)
			p[i * PAGE / sizeof(*p)] = i * 7919 + 1;
		CHECK(write(ready[1], &c, 1) == 1 && read(wake[0], &c, 1) == 1);
		for (unsigned i = 0; i < pages; i++)
			CHECK(p[i * PAGE / sizeof(*p)] == i * 7919 + 1);
		_exit(0);
	}
	CHECK(read(ready[0], &c, 1) == 1);
	CHECK(close(ready[0]) == 0 && close(ready[1]) == 0 && close(wake[0]) == 0);
	return s;
}

static inline void sleeper_finish(const struct sleeper *s)
{
	int status;

	CHECK(write(s->wake, "", 1) == 1 && close(s->wake) == 0);
	CHECK(waitpid(s->pid, &status, 0) == s->pid && status == 0);
}
