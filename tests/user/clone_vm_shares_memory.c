/*
 * A task made with CLONE_VM has the very memory of its maker: what one writes, maps and unmaps is
 * so for both.
 *
 * rows: A7 D31
 */
#include "probe.h"

#include <sched.h>

static char *p, *made;

static int task(void *arg)
{
	(void)arg;
	p[0] = 't';
	made = map_anon(2 * PAGE);
	made[0] = 'm';
	return munmap(p + PAGE, PAGE) == 0 ? 0 : 1;
}

int main(void)
{
	char *stack = map_anon(16 * PAGE);
	int status;

	p = map_anon(2 * PAGE);
	touch_write(p, 2 * PAGE, 'p');
	CHECK(clone(task, stack + 16 * PAGE, CLONE_VM | SIGCHLD, NULL) > 0);
	CHECK(wait(&status) > 0 && status == 0);
	CHECK(p[0] == 't' && made && made[0] == 'm');
	CHECK(probe_read(p + PAGE).number == SIGSEGV);
	return 0;
}
