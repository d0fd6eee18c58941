/*
 * Shared memory stays for those who still map it, whoever unmaps or exits first.
 *
 * rows: B20 B21 B22 B25
 */
#include "probe.h"

#define BYTES (8 * PAGE)

static void in_order(bool child_first)
{
	char *p = map_shared(BYTES);
	volatile char *turn = map_shared(PAGE);
	int status;
	pid_t pid;

	touch_write(p, BYTES, 's');
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0 ? !child_first : child_first)
		while (!*turn)
			sleep_ms(1);
	CHECK(pages_hold(p, BYTES, 's'));
	touch_write(p, BYTES, 's');
	CHECK(munmap(p, BYTES) == 0);
	CHECK(probe_read(p).number == SIGSEGV);
	touch_write(map_anon(4 * BYTES), 4 * BYTES,
		    'x'); /* Use freed frames, should there be any. */
	*turn = 1;
	if (pid == 0)
		_exit(0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	for (int i = 0; i < 10; i++)
		in_order(i % 2);
	return 0;
}
