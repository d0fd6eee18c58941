/*
 * When the child has gone, the parent's writes copy nothing, take no frame, and cost one fault for
 * all of a page table.
 *
 * rows: A31 C18 B26
 * quire-only
 * lab: cow
 */
#include "counters.h"

#define BYTES (64 * PAGE)

static void look(void *p)
{
	CHECK(pages_hold(p, BYTES, 'p'));
}

int main(void)
{
	char *p = map_anon(BYTES);
	long copies, faults, free;

	for (int round = 0; round < 3; round++) {
		touch_write(p, BYTES, 'p');
		CHECK(child_run(look, p) == 0);
		free = frames_free();
		copies = VMSTAT(frame_copy);
		faults = VMSTAT(pgfault);
		touch_write(p, BYTES, 'q');
		faults = VMSTAT(pgfault) - faults;
		CHECK(VMSTAT(frame_copy) == copies && frames_free() == free);
		CHECK(round == 0 || faults <= 2); /* BYTES may lie across a 4 MiB line. */
		CHECK(pages_hold(p, BYTES, 'q'));
	}
	return 0;
}
