/* swap.c: what memory costs that is not there: for a machine with 96 MiB of RAM. */
#include "tests/bench/bench.h"

#include <errno.h>
#include <sys/swap.h>

#define SIZE (128 * MIB)
#define PAGES (SIZE / PAGE)
#define ACCESSES 8192

/* Bytes that nothing compresses: what is measured is the disk's way, not that of a page of zeroes. */
static void memory_fill(char *at)
{
	uint32_t *word = (uint32_t *)at, chance = 1;

	for (size_t i = 0; i < SIZE / sizeof(*word); i++) {
		chance = chance * 1664525 + 1013904223;
		word[i] = chance ^ chance >> 15;
	}
}

/* Written once, so that the beginning has gone to the disk. */
static char *memory_swapped(void)
{
	char *at;

	if (swap_device)
		check(swapon(swap_device, 0) == 0 || errno == EBUSY, "swapon");
	at = memory_map(SIZE);
	memory_fill(at);
	return at;
}

static void measure_sequential(struct meter *meter)
{
	char *at = memory_swapped();

	meter_start(meter);
	pages_read(at, SIZE);
	meter_stop(meter, PAGES);
}

static void measure_random(struct meter *meter)
{
	char *at = memory_swapped();
	uint32_t chance = 1;

	meter_start(meter);
	for (int i = 0; i < ACCESSES; i++) {
		chance = chance * 1664525 + 1013904223;
		++*(volatile char *)(at + (chance >> 8) % PAGES * PAGE);
	}
	meter_stop(meter, ACCESSES);
}

const struct row swap_rows[] = {
	{"swap-sequential", measure_sequential},
	{"swap-random", measure_random},
	{NULL, NULL},
};
