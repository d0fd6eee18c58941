/*
 * swap_check.c: do the counts of the slots agree with who remembers them?
 *
 * A second count for each slot would take as much memory as the first. So both sides are compared by a sum of
 * hashes: of each slot once for each that was found to remember it, and as often as its count says.
 */

#include "kernel/lib/log.h"
#include "mm/shm.h"
#include "mm/swap_internal.h"

static uint32_t found, found_hash; /* So far. */

static uint32_t hash(uint32_t swp)
{
	swp = (swp ^ swp >> 15) * 0x9E3779B1u;
	return swp ^ swp >> 13;
}

void swap_check_begin(void)
{
	found = found_hash = 0;
}

void swap_check_count(uint32_t swp)
{
	found++;
	found_hash += hash(swp);
}

static void count_moved(struct swap_area *a)
{
	void *to;

	for (uint32_t slot = 0; (to = radix_next(&a->moved, &slot)) != NULL; slot++)
		swap_check_count((uint32_t)to);
}

uint32_t swap_check_end(bool verbose)
{
	uint32_t said = 0, said_hash = 0;

	shm_check();
	for (struct swap_area *a = swap_areas; a < swap_areas + SWAP_AREAS_MAX; a++) {
		count_moved(a);
		for (uint32_t slot = 1; slot < a->map.slots; slot++) {
			uint32_t count = swap_map_count(&a->map, slot);

			said += count;
			said_hash += count * hash(swap_entry(a, slot));
		}
	}
	if (found == said && found_hash == said_hash)
		return 0;
	if (verbose)
		log("check: swap slots are remembered %u times, their counts say %u\n", found,
		    said);
	return (said_hash - found_hash) | 1;
}
