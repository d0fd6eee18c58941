/*
 * A process killed in the middle of its work gives back every frame it had, whatever killed it.
 *
 * rows: A6 A24 B11 E7
 * quire-only
 */
#include "counters.h"

#include <signal.h>

#define BYTES (8u << 20)

static void die(void *arg)
{
	int how = *(int *)arg;
	char *p = map_anon(BYTES);

	touch_write(p, BYTES, 1);
	if (fork() == 0)
		touch_write(p, BYTES / 2, 2);
	if (how == 0)
		*(volatile char *)16 = 1;
	if (how == 1)
		*(volatile char *)die = 1;
	if (how == 2)
		__asm__ volatile("ud2");
	raise(how);
}

int main(void)
{
	static const int hows[] = {0, 1, 2, SIGKILL, SIGTERM, SIGPIPE};
	long before = 0;

	for (int i = -1; i < 6; i++) {
		int how = hows[i < 0 ? 0 : i];

		CHECK(WIFSIGNALED(child_run(die, &how)));
		if (i < 0)
			before = frames_free();
	}
	CHECK(before - frames_free() <= 2);
	vm_check();
	return 0;
}
