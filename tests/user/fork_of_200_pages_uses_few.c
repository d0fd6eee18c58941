/*
 * fork of a process with a 200-page heap uses fewer than 100 frames while the child lives, and none
 * after it.
 *
 * rows: B32 C16
 * quire-only
 * lab: cow
 */
#include "brk.h"
#include "counters.h"
#include "fork.h"

int main(void)
{
	char *heap = brk_move(200 * PAGE);
	long before, during;
	pid_t pid;

	touch_write(heap, 200 * PAGE, 1);
	child_kill(fork_still()); /* Slabs and our own settled pages. */
	before = frames_free();
	pid = fork_still();
	during = frames_free();
	child_kill(pid);
	dprintf(1, "before %ld, during %ld, after %ld\n", before, during, frames_free());
	CHECK(before - during > 0 && before - during < 100);
	CHECK(before - frames_free() <= 2);
	return 0;
}
