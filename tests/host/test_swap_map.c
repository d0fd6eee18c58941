/*
 * test_swap_map.c: the map of a swap area against plain counts; slots given out together lie together.
 *
 * rows: E3 E23
 */

#include "kernel/abi/errno.h"
#include "mm/kmalloc.h"
#include "mm/swap_map.h"
#include "tests/host/check.h"

#define SLOTS 5000 /* Not whole clusters, and more than a chunk. */
#define STEPS 200000

static struct swap_map m;
static uint32_t counts[SLOTS];
static bool bad[SLOTS];
static int fail_at;

void *kzalloc(size_t size)
{
	return fail_at > 0 && --fail_at == 0 ? NULL : host_alloc(size);
}

void kfree(void *p)
{
	if (p)
		host_free(p);
}

static void check_sums(void)
{
	uint32_t in_use = 0, free = 0, good = 0;

	for (uint32_t i = 0; i < SLOTS; i++) {
		in_use += counts[i] > 0;
		free += counts[i] == 0 && !bad[i];
		good += !bad[i];
		CHECK(swap_map_count(&m, i) == counts[i]);
	}
	CHECK(m.in_use == in_use && m.free == free && m.good == good);
}

static void step(void)
{
	uint32_t slot = random_below(SLOTS);

	switch (random_below(6)) {
	case 0:
	case 1:
		slot = swap_map_alloc(&m);
		if (slot == 0) {
			CHECK(m.free == 0);
			break;
		}
		CHECK(slot < SLOTS && counts[slot] == 0 && !bad[slot]);
		counts[slot] = 1;
		break;
	case 2:
		CHECK(swap_map_dup(&m, slot) == (counts[slot] ? 0 : -ENOENT));
		counts[slot] += counts[slot] > 0;
		break;
	case 3:
		if (random_below(100) == 0) {
			swap_map_mark_bad(&m, slot);
			bad[slot] = true;
		}
		break;
	default:
		if (counts[slot] > 0)
			CHECK(swap_map_put(&m, slot) == --counts[slot]);
	}
}

static void test_random(void)
{
	CHECK(swap_map_create(&m, SLOTS) == 0);
	bad[0] = true;
	for (uint32_t i = 0; i < STEPS; i++) {
		step();
		if (i % 1000 == 0)
			check_sums();
	}
	while (swap_map_alloc(&m))
		;
	CHECK(m.free == 0);
	swap_map_destroy(&m);
	CHECK(host_allocated() == 0);
}

/* A fresh map gives out runs of a cluster, and a hole is used only when no cluster is free. */
static void test_clusters(void)
{
	uint32_t before = 0, breaks = 0, slot;

	CHECK(swap_map_create(&m, 32 * SWAP_CLUSTER) == 0);
	for (uint32_t i = 0; i < 16 * SWAP_CLUSTER; i++) {
		slot = swap_map_alloc(&m);
		breaks += slot != before + 1;
		before = slot;
	}
	CHECK(breaks == 1);
	swap_map_put(&m, SWAP_CLUSTER + 5);
	slot = swap_map_alloc(&m);
	CHECK(slot != SWAP_CLUSTER + 5);
	while (m.empty > 0 || slot % SWAP_CLUSTER != SWAP_CLUSTER - 1)
		slot = swap_map_alloc(&m);
	while (m.free > 0 && slot != SWAP_CLUSTER + 5)
		slot = swap_map_alloc(&m);
	CHECK(slot == SWAP_CLUSTER + 5);
	swap_map_destroy(&m);
}

static void test_limits(void)
{
	uint32_t slot, first = 0, end = 100;

	for (int i = 1; i <= 4; i++) {
		fail_at = i;
		CHECK(swap_map_create(&m, SLOTS) == -ENOMEM && host_allocated() == 0);
	}
	fail_at = 0;
	CHECK(swap_map_create(&m, 3) == 0);
	slot = swap_map_alloc(&m);
	CHECK(slot == 1 && swap_map_alloc(&m) == 2 && swap_map_alloc(&m) == 0);
	swap_map_trim(&m, slot, &first, &end);
	CHECK(first == 1 && end == 3);
	for (uint32_t i = 1; i < 0x7FFF; i++)
		CHECK(swap_map_dup(&m, slot) == 0);
	CHECK(swap_map_dup(&m, slot) == -ENOMEM && swap_map_dup(&m, 3) == -ENOENT);
	swap_map_mark_bad(&m, slot);
	for (uint32_t left = 0x7FFF; left > 0; left--)
		CHECK(swap_map_put(&m, slot) == left - 1);
	CHECK(swap_map_alloc(&m) == 0 && m.in_use == 1 && m.good == 1);
	swap_map_destroy(&m);
}

int main(void)
{
	test_random();
	test_clusters();
	test_limits();
	return 0;
}
