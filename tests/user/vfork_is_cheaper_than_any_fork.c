/*
 * vfork and exit take fewer instructions than fork and exit, and these fewer than with vm.eager_fork, which copies
 * all at once. (Under --icount a tick of the TSC is one instruction.)
 *
 * rows: D26 D27 D24
 * quire-only
 * icount
 */
#include "counters.h"

/* The cheapest of ten children that exit at once. */
static uint64_t child_ticks(bool lend)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 10; i++) {
		uint64_t start = __builtin_ia32_rdtsc(), spent;
		pid_t pid = lend ? vfork() : fork();

		if (pid == 0)
			_exit(0);
		CHECK(pid > 0 && waitpid(pid, NULL, 0) == pid);
		spent = __builtin_ia32_rdtsc() - start;
		best = spent < best ? spent : best;
	}
	return best;
}

int main(void)
{
	uint64_t lent, late, eager;

	touch_write(map_anon(16 << 20), 16 << 20, 1);
	lent = child_ticks(true);
	late = child_ticks(false);
	switch_set("/proc/sys/vm/eager_fork", "1");
	eager = child_ticks(false);
	dprintf(1, "vfork %llu, fork %llu, eager fork %llu\n", (unsigned long long)lent,
		(unsigned long long)late, (unsigned long long)eager);
	CHECK(lent < late && late < eager);
	return 0;
}
