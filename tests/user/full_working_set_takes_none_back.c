/*
 * A working set whose victims, taken out by pageout, cannot go holds no more than its limit when they are back, though
 * others joined meanwhile.
 *
 * rows: A50
 * quire-only
 * mem: 24M
 * swap: 96M
 * timeout: 120
 */
#include "working_set.h"

#include "counters.h"

#define PAGES 1024u
#define LOCKED 200u
#define PRESSURE (28u << 20)

static void stay_at_the_limit(void *memory)
{
	struct working_set ws;

	CHECK(working_set_set("300 random") && mlock(memory, LOCKED * PAGE) == 0);
	for (char round = 1; round <= 5; round++) {
		touch_write(memory, PAGES * PAGE, round);
		CHECK(pages_hold(memory, PAGES * PAGE, round));
		CHECK(working_set_get(&ws) && ws.pages <= ws.limit);
	}
}

int main(void)
{
	char *others = map_anon(PRESSURE);
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (pid == 0) {
		stay_at_the_limit(map_anon(PAGES * PAGE));
		_exit(0);
	}
	while (waitpid(pid, &status, WNOHANG) == 0)
		touch_write(others, PRESSURE, 1);
	CHECK(status == 0);
	vm_check();
	return 0;
}
