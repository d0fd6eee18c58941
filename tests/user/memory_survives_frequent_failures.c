/*
 * Allocations fail again and again while memory larger than the machine's goes to swap and comes back, those of
 * pageout among them: no word is lost, nobody dies.
 *
 * rows: A43
 * quire-only
 * append: zpool=1
 * mem: 24M
 * swap: 64M
 * timeout: 240
 */
#include "counters.h"
#include "failures.h"
#include "outgrow.h"

#define CHUNK 128u /* Pages; who met the last failure is looked at after each. */
#define CHUNKS 80u
/* Whose allocation was the last to fail is chance: one try in eight misses pageout's. */
#define TRIES 10

static const struct {
	const char *point, *rate;
	const char *place; /* Pageout's allocation. */
} ways[] = {
	{"kmalloc", "kmalloc:7*", "swap_reserve evict reclaim_from"},
	{"kmalloc", "kmalloc:5*", "zpool_store swap_io"},
	{"frame_alloc", "frame_alloc:3*", "zblock_alloc zpool_store"},
	{"frame_alloc", "frame_alloc:31*", "cache_read"},
};

/* Fill or check it all. Was the place met? */
static bool pass(uint32_t *p, unsigned way, bool fill)
{
	char chain[CHAIN_MAX];
	bool met = false;

	for (uint32_t i = 0; i < CHUNKS; i++, p += CHUNK * PAGE_WORDS) {
		fail_set(ways[way].rate);
		if (fill)
			pages_fill(p, CHUNK, way + i);
		else
			pages_check(p, CHUNK, way + i);
		met |= fail_end(ways[way].point, chain) && strstr(chain, ways[way].place);
	}
	return met;
}

int main(void)
{
	uint32_t *p = (uint32_t *)map_anon(CHUNKS * CHUNK * PAGE);

	for (unsigned way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
		bool met = false;

		for (int i = 0; i < TRIES && !met; i++) {
			met = pass(p, way, true);
			met |= pass(p, way, false);
		}
		dprintf(2, "%s: %s %s\n", ways[way].rate, ways[way].place, met ? "met" : "not met");
		CHECK(met);
	}
	CHECK(munmap(p, CHUNKS * CHUNK * PAGE) == 0);
	vm_check();
	return 0;
}
