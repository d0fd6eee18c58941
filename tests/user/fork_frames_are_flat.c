/*
 * fork takes as many frames with 64 MiB resident as with 1 MiB, to within one per 4 MiB, and copies
 * no page but the few that the parent itself writes next.
 *
 * rows: A28 B32 C16 D24
 * quire-only
 * lab: cow
 */
#include "counters.h"
#include "fork.h"

static const unsigned mebibytes[] = {1, 16, 64};

static void measure(unsigned size, long *frames, long *copies)
{
	long free, tables;
	pid_t pid;

	free = frames_free();
	*copies = VMSTAT(frame_copy);
	tables = VMSTAT(table_share);
	pid = fork_still();
	tables = VMSTAT(table_share) - tables;
	*copies = VMSTAT(frame_copy) - *copies;
	*frames = free - frames_free();
	child_kill(pid);
	dprintf(1, "%u MiB: %ld frames, %ld pages copied, %ld tables shared\n", size, *frames,
		*copies, tables);
	CHECK(tables >= (long)size / 4 && tables <= (long)size / 4 + 8);
}

int main(void)
{
	long frames[3], copies[3];

	for (int i = 0; i < 3; i++) {
		char *p = map_anon(mebibytes[i] << 20);

		touch_write(p, mebibytes[i] << 20, 1);
		measure(mebibytes[i], &frames[i], &copies[i]);
		if (i == 0) /* Once more: the first time also made slabs. */
			measure(mebibytes[i], &frames[i], &copies[i]);
		CHECK(munmap(p, mebibytes[i] << 20) == 0);
	}
	CHECK(frames[1] - frames[0] <= 4 && frames[2] - frames[0] <= 16 && frames[0] < 60);
	CHECK(copies[0] <= 10 && copies[1] == copies[0] && copies[2] == copies[0]);
	return 0;
}
