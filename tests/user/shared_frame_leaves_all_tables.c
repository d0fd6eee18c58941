/*
 * Pages that three processes show by tables of their own leave memory, which takes all three entries of each, and
 * each process finds what it had.
 *
 * rows: D9 D10 D11
 * quire-only
 * mem: 32M
 * swap: 96M
 * timeout: 120
 */
#include "pageout.h"

#define PAGES 64u
#define PRESSURE (40u << 20)

static void press(void *arg)
{
	char *p = map_anon(PRESSURE);

	(void)arg;
	touch_write(p, PRESSURE, 1);
	CHECK(pages_hold(p, PRESSURE, 1));
}

int main(void)
{
	char *p = map_anon(PAGES * PAGE), c = 0;
	int up[2], down[2], status;

	touch_write(p, PAGES * PAGE, 9);
	CHECK(pipe(up) == 0 && pipe(down) == 0);
	for (int i = 0; i < 2; i++) {
		if (fork() != 0)
			continue;
		p[PAGES * PAGE - 1] = (char)i; /* Now the table is the child's own. */
		CHECK(write(up[1], &c, 1) == 1 && read(down[0], &c, 1) == 1);
		_exit(pages_hold(p, (PAGES - 1) * PAGE, 9) ? 0 : 1);
	}
	CHECK(read(up[0], &c, 1) == 1 && read(up[0], &c, 1) == 1);
	CHECK(child_run(press, NULL) == 0 && resident(p, PAGES) <= PAGES / 4);
	CHECK(write(down[1], &c, 1) == 1 && write(down[1], &c, 1) == 1);
	CHECK(wait(&status) > 0 && status == 0 && wait(&status) > 0 && status == 0);
	CHECK(pages_hold(p, (PAGES - 1) * PAGE, 9));
	return 0;
}
