/*
 * With vm.eager_fork a fork copies every private page at once, and writes later none; without, the other way round.
 * Whichever allocation fails, such a fork says so and leaves nothing behind.
 * rows: A30 C15 D24
 * quire-only
 * lab: cow
 */
#include "counters.h"
#include "fail.h"

#define PAGES 200
#define SWITCH "/proc/sys/vm/eager_fork"

static char *p;

/* Pages copied by a fork, and by the child's writing to all of its pages. */
static void measure(long copied[2])
{
	long *at_fork = map_shared(PAGE), before = VMSTAT(frame_copy);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		*at_fork = VMSTAT(frame_copy) - before;
		CHECK(pages_hold(p, PAGES * PAGE, 'p'));
		touch_write(p, PAGES * PAGE, 'c');
		_exit(pages_hold(p, PAGES * PAGE, 'c') ? 0 : 1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0 && pages_hold(p, PAGES * PAGE, 'p'));
	copied[0] = *at_fork;
	copied[1] = VMSTAT(frame_copy) - before - *at_fork;
}

int main(void)
{
	int fd = open(FAIL_FILE, O_WRONLY), pid;
	long copied[2], before = 0;
	char word[32];

	p = map_anon(PAGES * PAGE);
	touch_write(p, PAGES * PAGE, 'p');
	measure(copied);
	CHECK(copied[0] < PAGES / 4 && copied[1] >= PAGES);
	switch_set(SWITCH, "1");
	measure(copied);
	CHECK(copied[0] >= PAGES && copied[1] < PAGES / 4);
	for (int n = 1; n < PAGES; n += 9) {
		snprintf(word, sizeof(word), "frame_alloc:%d", n);
		pid = fork_failing(fd, word);
		CHECK(pid == -ENOMEM);
		before = n == 1 ? frames_free() : before;
	}
	CHECK(before - frames_free() <= 2);
	vm_check();
}
