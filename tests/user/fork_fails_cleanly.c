/*
 * Whichever allocation of fork fails, fork says so and leaves nothing behind.
 *
 * rows: A30 E14 E15
 * quire-only
 * lab: cow
 */
#include "counters.h"
#include "fail.h"

/* Make the n-th allocation fail for n = 1, 2, ... until fork no longer notices. */
static void fail_each(int fd, const char *point, char *p)
{
	int failures = 0;

	for (int n = 1, status;; n++) {
		char word[32];
		int pid;

		snprintf(word, sizeof(word), "%s:%d", point, n);
		pid = fork_failing(fd, word);
		if (pid > 0) {
			CHECK(waitpid(pid, &status, 0) == pid && status == 0);
			if (n > failures + 20) /* Far past the last one that matters. */
				break;
			continue;
		}
		CHECK(pid == -ENOMEM || pid == -EAGAIN);
		CHECK(pages_hold(p, 3 * TABLE_SPAN, 'f'));
		failures = n;
	}
	dprintf(1, "%s: the last allocation that matters is number %d\n", point, failures);
	CHECK(failures >= 1);
}

int main(void)
{
	char *p = map_anon(3 * TABLE_SPAN);
	int fd = open(FAIL_FILE, O_WRONLY);
	long before = 0;

	CHECK(fd >= 0);
	touch_write(p, 3 * TABLE_SPAN, 'f');
	for (int round = 0; round < 2; round++) {
		fail_each(fd, "frame_alloc", p);
		fail_each(fd, "kmalloc", p);
		if (round == 0)
			before = frames_free();
	}
	CHECK(before - frames_free() <= 2);
	touch_write(p, 3 * TABLE_SPAN, 'g');
	vm_check();
	return 0;
}
