/*
 * Under the Windows personality a kernel stack leaves memory, and comes back, whichever allocation fails meanwhile:
 * at worst a second later.
 *
 * rows: D21
 * quire-only
 * swap: 16M
 * append: personality=windows
 * timeout: 120
 */
#include "failures.h"
#include "windows.h"

#define CALLS 3u

static int met_out, met_in;

static void see_who_met(const char *point)
{
	char chain[CHAIN_MAX];

	fail_end(point, chain);
	met_out += strstr(chain, "kstack_page_out") != NULL;
	met_in += strstr(chain, "kstack_page_in") != NULL;
}

static void round_trip(const char *point, unsigned n, long out)
{
	struct sleeper s = sleeper_start(1);
	int status;

	fail_nth(point, n);
	sleep_ms(2500); /* It has been idle for a second, and swapper has seen it. */
	see_who_met(point);
	stacks_await(out + 1);
	fail_nth(point, n);
	CHECK(write(s.wake, "", 1) == 1);
	sleep_ms(100);
	see_who_met(point);
	CHECK(waitpid(s.pid, &status, 0) == s.pid && status == 0);
	close(s.wake);
}

int main(void)
{
	long out = stacks_settle();

	for (unsigned n = 1; n <= CALLS; n++) {
		round_trip("frame_alloc", n, out);
		round_trip("kmalloc", n, out);
	}
	CHECK(met_out > 0 && met_in > 0 && STACKS_OUT <= out);
	vm_check();
	return 0;
}
