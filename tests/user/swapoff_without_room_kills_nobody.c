/*
 * swapoff while processes use more memory than there is says ENOMEM, and they go on with all they had.
 *
 * rows: A46
 * quire-only
 * mem: 24M
 * swap: 64M
 * timeout: 120
 */
#include "swap.h"

#include <sys/swap.h>

#define WORKERS 3
#define USED (12u << 20)

static void work(volatile bool *done)
{
	char *p = map_anon(USED), round = 0;

	do {
		touch_write(p, USED, ++round);
		CHECK(pages_hold(p, USED, round));
	} while (!*done);
	_exit(0);
}

int main(void)
{
	bool *done = map_shared(PAGE);
	int status;

	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0)
			work(done);
	while (SWAP_USED < 8 << 10)
		sleep_ms(20);
	for (int i = 0; i < 8; i++)
		CHECK(swapoff("/dev/hda") == -1 && errno == ENOMEM);
	*done = true;
	for (int i = 0; i < WORKERS; i++)
		CHECK(wait(&status) > 0 && status == 0);
	vm_check();
	return 0;
}
