/*
 * A program that does nothing but fault is not slowed down for ever by vm.explain: some sentences are left out,
 * and how many is said.
 *
 * quire-only
 */
#include "counters.h"
#include "explain.h"

#define STORM (8192 * PAGE)

int main(void)
{
	char *memory = map_anon(STORM + PAGE);
	time_t start;

	switch_set("/proc/sys/vm/explain", "1");
	start = time(NULL);
	touch_write(memory, STORM, 1);
	CHECK(time(NULL) - start < 20);
	sleep_ms(1000); /* The next fault is another second's. */
	memory[STORM] = 1;
	switch_set("/proc/sys/vm/explain", "0");
	CHECK(explained(getpid(), memory + STORM, "anonymous", "fresh page"));
	CHECK(logged("explain: ", "faults more were not told", "", ""));
	return 0;
}
