/*
 * Eight processes that fork, write and exit at once leave every reference count right.
 *
 * rows: A31 B27
 * quire-only
 * timeout: 180
 */
#include "counters.h"

#define BYTES (32 * PAGE)

static void storm(char *p, unsigned seed)
{
	srand(seed);
	for (int i = 0; i < 40; i++) {
		char mark = (char)(seed + i);

		touch_write(p, BYTES, mark);
		if (fork() == 0) {
			touch_write(p + rand() % 16 * PAGE, BYTES / 2, (char)~mark);
			CHECK(p[0] == mark || p[0] == (char)~mark);
			_exit(0);
		}
		CHECK(pages_hold(p, BYTES, mark));
		if (rand() % 2)
			CHECK(wait(NULL) > 0);
	}
	for (int status; wait(&status) > 0;)
		CHECK(status == 0);
}

int main(void)
{
	char *p = map_anon(BYTES);
	long before = 0;
	int status;

	for (int round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 8; i++) {
			if (fork() == 0) {
				storm(p, 10 * i + round);
				_exit(0);
			}
		}
		for (int i = 0; i < 8; i++)
			CHECK(wait(&status) > 0 && status == 0);
		if (round == 0)
			before = frames_free();
		vm_check();
	}
	CHECK(before - frames_free() <= 2);
	return 0;
}
