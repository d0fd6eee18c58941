/*
 * fork executes as many instructions with 64 MiB resident as with 1 MiB, to within a tenth. (Under
 * --icount a tick of the TSC is one instruction.)
 *
 * rows: A28 C16 D24
 * quire-only
 * icount
 * lab: cow
 */
#include "fork.h"

/* The cheapest of ten forks with so much memory resident. */
static uint64_t fork_ticks(unsigned mebibytes)
{
	char *p = map_anon(mebibytes << 20);
	uint64_t best = UINT64_MAX;

	touch_write(p, mebibytes << 20, 1);
	for (int i = 0; i < 10; i++) {
		uint64_t start = __builtin_ia32_rdtsc(), spent;
		pid_t pid = fork_still();

		spent = __builtin_ia32_rdtsc() - start;
		best = spent < best ? spent : best;
		child_kill(pid);
	}
	CHECK(munmap(p, mebibytes << 20) == 0);
	dprintf(1, "%u MiB: %llu instructions\n", mebibytes, (unsigned long long)best);
	return best;
}

int main(void)
{
	uint64_t small = fork_ticks(1), large = fork_ticks(64);

	CHECK(large * 10 <= small * 11);
	return 0;
}
