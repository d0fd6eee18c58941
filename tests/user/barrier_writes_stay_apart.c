/*
 * Parent and children that write the same pages at the same moment each keep what they wrote.
 *
 * rows: C20 B30
 */
#include "check.h"

#include <sched.h>

#define CHILDREN 4
#define BYTES (64 * PAGE)

static void write_and_check(char *p, volatile int *ready, char mark)
{
	__atomic_fetch_add(ready, 1, __ATOMIC_SEQ_CST);
	while (*ready < CHILDREN + 1)
		sched_yield();
	for (int round = 0; round < 20; round++) {
		touch_write(p, BYTES, (char)(mark + round));
		CHECK(pages_hold(p, BYTES, (char)(mark + round)));
		sched_yield();
		CHECK(pages_hold(p, BYTES, (char)(mark + round)));
	}
}

int main(void)
{
	volatile int *ready = map_shared(PAGE);
	char *p = map_anon(BYTES);
	int status;

	touch_write(p, BYTES, 1);
	for (int i = 0; i < CHILDREN; i++) {
		if (fork() == 0) {
			write_and_check(p, ready, (char)(20 * i));
			_exit(0);
		}
	}
	write_and_check(p, ready, 100);
	for (int i = 0; i < CHILDREN; i++)
		CHECK(wait(&status) > 0 && status == 0);
	return 0;
}
