/*
 * When four processes that share a page each write it, three copies are made: the last one takes
 * the page as it is.
 *
 * rows: A31 B30 B32 C18
 * quire-only
 * lab: cow
 */
#include "counters.h"

#define SHARERS 4

static char *p;
static volatile int *turn, *ready;

/* Wait for our turn, write, and check that it made so many copies. Before the first turn all have been through
 * what they do while they wait, and so have their own copies of all else that it writes. */
static void write_in_turn(int who, long want)
{
	long copies = VMSTAT(fault_cow_copy);

	sleep_ms(1);
	__atomic_add_fetch(ready, 1, __ATOMIC_SEQ_CST);
	while (*turn != who || *ready != SHARERS)
		sleep_ms(1);
	copies = VMSTAT(fault_cow_copy);
	p[0] = (char)who;
	copies = VMSTAT(fault_cow_copy) - copies;
	CHECK(copies == want);
	(*turn)++;
	while (*turn < SHARERS)
		sleep_ms(1);
	CHECK(p[0] == who && p[PAGE] == 'o');
}

int main(void)
{
	int status;

	turn = map_shared(PAGE);
	ready = turn + 1;
	p = map_anon(2 * PAGE);
	touch_write(p, 2 * PAGE, 'o');
	for (int who = 0; who < SHARERS - 1; who++) {
		if (fork() == 0) {
			write_in_turn(who, 1);
			_exit(0);
		}
	}
	write_in_turn(SHARERS - 1, 0);
	for (int i = 0; i < SHARERS - 1; i++)
		CHECK(wait(&status) > 0 && status == 0);
	return 0;
}
