/*
 * vfork shares no page table and copies none: the child has the parent's own.
 *
 * rows: D26
 * quire-only
 */
#include "counters.h"

int main(void)
{
	char *p = map_anon(64 * PAGE);
	long shared, copied, frames;
	int status;

	touch_write(p, 64 * PAGE, 1);
	shared = VMSTAT(table_share);
	copied = VMSTAT(table_copy);
	frames = VMSTAT(frame_copy);
	for (int i = 0; i < 20; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			touch_write(p, 64 * PAGE, 2);
			_exit(0);
		}
		CHECK(waitpid(pid, &status, 0) == pid && status == 0 &&
		      pages_hold(p, 64 * PAGE, 2));
	}
	CHECK(VMSTAT(table_share) == shared && VMSTAT(table_copy) == copied);
	CHECK(VMSTAT(frame_copy) == frames);
	return 0;
}
