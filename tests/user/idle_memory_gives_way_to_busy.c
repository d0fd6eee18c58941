/*
 * Replacement is global: a process that sleeps loses its pages to one that works, pageout does it and counts
 * it, and what the sleeper had is right when it looks again.
 *
 * rows: A33 A39 A43 D4 D5
 * quire-only
 * mem: 32M
 * swap: 96M
 * timeout: 120
 */
#include "pageout.h"

#define IDLE (12u << 20)
#define BUSY (30u << 20)

int main(void)
{
	unsigned long runs = vmstat("pageoutrun"), freed = vmstat("pgsteal_kswapd");
	char *idle = map_anon(IDLE);
	pid_t child;
	int status;

	touch_write(idle, IDLE, 7);
	CHECK(resident(idle, IDLE / PAGE) == IDLE / PAGE);
	child = fork();
	if (child == 0) {
		char *busy =
			map_anon(BUSY); /* More than there is: allocating waits, and succeeds. */

		touch_write(busy, BUSY, 1);
		_exit(pages_hold(busy, BUSY, 1) ? 0 : 1);
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
	CHECK(resident(idle, IDLE / PAGE) < IDLE / PAGE / 4);
	CHECK(vmstat("pageoutrun") > runs && vmstat("pgsteal_kswapd") >= freed + IDLE / PAGE / 2);
	CHECK(vmstat("pgalloc_dma") > 0 && vmstat("pgalloc_normal") > 0); /* Of both zones. */
	CHECK(pages_hold(idle, IDLE, 7));
	return 0;
}
