/*
 * After fork parent and child have the same contents, and what one writes the other never sees.
 *
 * rows: A7 A29 D30
 */
#include "check.h"

#define BYTES (300 * PAGE)

static char data[3 * PAGE] = {'p'};

int main(void)
{
	char *heap = map_anon(BYTES), local = 'p';
	volatile char *turn = map_shared(PAGE);
	int status;
	pid_t pid;

	touch_write(heap, BYTES, 'p');
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(pages_hold(heap, BYTES, 'p') && data[0] == 'p' && local == 'p');
		touch_write(heap, BYTES / 2, 'c');
		data[0] = local = 'c';
		*turn = 1;
		while (*turn != 2)
			sleep_ms(1);
		CHECK(pages_hold(heap, BYTES / 2, 'c'));
		CHECK(pages_hold(heap + BYTES / 2, BYTES / 2, 'p') && data[0] == 'c' &&
		      local == 'c');
		_exit(0);
	}
	while (*turn != 1)
		sleep_ms(1);
	CHECK(pages_hold(heap, BYTES, 'p') && data[0] == 'p' && local == 'p');
	touch_write(heap, BYTES, 'q');
	data[0] = local = 'q';
	*turn = 2;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(pages_hold(heap, BYTES, 'q') && data[0] == 'q' && local == 'q');
	return 0;
}
