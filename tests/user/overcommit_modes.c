/*
 * vm.overcommit_memory: 0 refuses what no machine of this size could hold, 1 refuses nothing, 2
 * keeps the promises under CommitLimit, fork included.
 *
 * rows: C5 D16
 * quire-only
 * mem: 64M
 */
#include "counters.h"

static void mode_set(const char *mode)
{
	switch_set("/proc/sys/vm/overcommit_memory", mode);
}

static bool can_map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED || errno == ENOMEM);
	return p != MAP_FAILED && munmap(p, bytes) == 0;
}

int main(void)
{
	size_t total = (size_t)counter("/proc/meminfo", "MemTotal") << 10;
	size_t limit = (size_t)counter("/proc/meminfo", "CommitLimit") << 10;
	char *p;

	CHECK(can_map(total / 4 * 3) && !can_map(2 * total));
	mode_set("1");
	CHECK(can_map(2 * total));
	mode_set("2");
	CHECK(!can_map(limit) && !can_map(2 * total) && can_map(limit / 2));
	p = map_anon(limit / 4 * 3); /* Promised, not touched: yet a child cannot have it too. */
	CHECK_ERRNO(fork(), ENOMEM);
	CHECK(!can_map(limit / 2));
	CHECK(mprotect(p, limit / 2, PROT_READ) == 0);
	CHECK(munmap(p, limit / 4 * 3) == 0 && can_map(limit / 2));
	mode_set("0");
	return 0;
}
