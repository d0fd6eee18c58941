/*
 * Whoever eats all memory and all swap, in whatever way, dies or is refused; a bystander and its memory live,
 * and after each there is as much room as before.
 *
 * rows: A14 A46 C5
 * quire-only
 * mem: 32M
 * swap: 32M
 * timeout: 240
 */
#include "hogs.h"

static const struct {
	const char *name;
	void (*eat)(void);
} hogs[] = {
	{"pages", eat_pages},
	{"locked pages", eat_locked},
	{"page tables", eat_tables},
	{"files in memory", eat_tmpfs},
	{"pipes", eat_pipes},
	{"segments", eat_segments},
	{"children", eat_with_children},
	{"threads", eat_with_threads},
};

int main(void)
{
	uint32_t *ours = (uint32_t *)map_anon(BYSTANDER * PAGE);

	pages_fill(ours, BYSTANDER, 7);
	for (unsigned i = 0; i < sizeof(hogs) / sizeof(hogs[0]); i++) {
		char *room;

		dprintf(1, "%s\n", hogs[i].name);
		hog_run(hogs[i].eat);
		pages_check(ours, BYSTANDER, 7);
		room = map_anon(16 << 20);
		touch_write(room, 16 << 20, 1);
		CHECK(pages_hold(room, 16 << 20, 1) && munmap(room, 16 << 20) == 0);
	}
	vm_check();
	return 0;
}
