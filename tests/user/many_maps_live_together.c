/*
 * A process can have 117 file mappings and three stacks, and each is what it was made.
 *
 * rows: A14 D2 E31
 */
#include "check.h"

#include <sched.h>

#define MAPS 117

static int fill_stack(void *arg)
{
	volatile char room[20 * PAGE];

	touch_write(room, sizeof(room), *(char *)arg);
	return pages_hold(room, sizeof(room), *(char *)arg) ? 0 : 1;
}

int main(void)
{
	int fd = temp_file(MAPS * PAGE), status;
	char *maps[MAPS], *stacks[3];

	for (int i = 0; i < MAPS; i++) {
		maps[i] = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, (MAPS - 1 - i) * PAGE);
		CHECK(maps[i] != MAP_FAILED);
	}
	for (int i = 0; i < 3; i++) {
		char mark = (char)('0' + i);

		stacks[i] = map_anon(32 * PAGE);
		CHECK(clone(fill_stack, stacks[i] + 32 * PAGE, CLONE_VM | SIGCHLD, &mark) > 0);
		CHECK(wait(&status) > 0 && status == 0);
		CHECK(memchr(stacks[i], mark, 32 * PAGE));
	}
	for (int i = 0; i < MAPS; i++)
		CHECK(maps[i][0] == MAPS - i && maps[i][PAGE - 1] == MAPS - i);
	return 0;
}
