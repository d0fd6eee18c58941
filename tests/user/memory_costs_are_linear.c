/*
 * A page takes as many instructions to fault in, to unmap and to give back at exit when there are 80 MiB of
 * them as when there are 8, to within a twentieth. (Under --icount a tick of the TSC is one instruction.)
 *
 * quire-only
 * icount
 */
#include "check.h"

#define ROUNDS 2

struct cost {
	uint64_t fault, unmap, exit;
};

/* What it cost since *start, if that is less than *least; and start again. */
static void cost_take(uint64_t *least, uint64_t *start)
{
	uint64_t now = __builtin_ia32_rdtsc();

	if (now - *start < *least)
		*least = now - *start;
	*start = __builtin_ia32_rdtsc();
}

/* The cheapest of some rounds. */
static struct cost cost_of(unsigned mebibytes)
{
	struct cost cost = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
	uint64_t *start = (uint64_t *)map_shared(PAGE);
	size_t size = mebibytes << 20;

	for (int i = 0; i < ROUNDS; i++) {
		char *p = map_anon(size);
		pid_t pid;

		*start = __builtin_ia32_rdtsc();
		touch_write(p, size, 1);
		cost_take(&cost.fault, start);
		CHECK(munmap(p, size) == 0);
		cost_take(&cost.unmap, start);

		pid = fork();
		if (pid == 0) {
			touch_write(map_anon(size), size, 1);
			*start = __builtin_ia32_rdtsc();
			_exit(0);
		}
		CHECK(pid > 0 && waitpid(pid, NULL, 0) == pid);
		cost_take(&cost.exit, start);
	}
	return cost;
}

static void check_linear(const char *what, uint64_t small, uint64_t large)
{
	dprintf(1, "%s: %llu for 8 MiB, %llu for 80 MiB\n", what, (unsigned long long)small,
		(unsigned long long)large);
	CHECK(large * 2 <= small * 21);
}

int main(void)
{
	/* In this order: the first pages that are touched have been zeroed while the machine was idle. */
	struct cost large = cost_of(80), small = cost_of(8);

	check_linear("fault", small.fault, large.fault);
	check_linear("unmap", small.unmap, large.unmap);
	check_linear("exit", small.exit, large.exit);
	return 0;
}
