/*
 * A parent and three children that share pages may exit in any of the 24 orders: all frames come
 * back.
 *
 * rows: A6 A31 B22 B27
 * quire-only
 * timeout: 120
 */
#include "counters.h"

#define FAMILY 4
#define BYTES (100 * PAGE)

static volatile int *turn;

/* Live until it is our turn to die, having written half of what we share. */
static void live(char *p, int mine)
{
	touch_write(p + mine * 10 * PAGE, BYTES / 2, (char)mine);
	while (*turn != mine)
		sleep_ms(1);
	CHECK(pages_hold(p + mine * 10 * PAGE, BYTES / 2, (char)mine));
	(*turn)++;
	_exit(0);
}

/* order: the four turns, one per member, packed in decimal digits. */
static void family(void *arg)
{
	int order = *(int *)arg;
	char *p = map_anon(BYTES);

	touch_write(p, BYTES, 'f');
	for (int i = 0; i < FAMILY - 1; i++, order /= 10)
		if (fork() == 0)
			live(p, order % 10);
	live(p, order);
}

static void run_order(int order)
{
	*turn = 0;
	CHECK(child_run(family, &order) == 0);
	while (*turn < FAMILY)
		sleep_ms(1);
}

int main(void)
{
	long before;

	turn = map_shared(PAGE);
	run_order(3210);
	before = frames_free();
	for (int order = 123; order <= 3210; order++) {
		unsigned seen = 0;

		for (int i = 0, o = order; i < FAMILY; i++, o /= 10)
			seen |= 1u << o % 10;
		if (seen == 0xF)
			run_order(order);
	}
	CHECK(before - frames_free() <= 2);
	vm_check();
	return 0;
}
