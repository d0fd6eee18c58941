/*
 * test_swap.c: private and shared pages that go to swap and come back; slots shared by fork; slots that cannot be
 * read or written; areas by priority; swapoff. The areas are kept in memory.
 *
 * rows: A41 E3 E12 E23 E27
 * lab: cow
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/pgtable.h"
#include "mm/reclaim.h"
#include "mm/shm.h"
#include "mm/swap.h"
#include "mm/vmstat.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

#define SLOTS 96
#define PAGES 24
#define SHARED (VM_READ | VM_WRITE | VM_MAYWRITE | VM_SHARED)

struct store {
	struct swap_store store;
	void *pages[SLOTS];
	uint32_t reads, writes;	      /* Requests. */
	uint32_t bad_read, bad_write; /* Slots that fail; 0: none. */
};

static struct store stores[2];

static int store_io(struct swap_store *ss, bool write, uint32_t slot, struct frame *const *f,
		    uint32_t n)
{
	struct store *s = container_of(ss, struct store, store);
	uint32_t bad = write ? s->bad_write : s->bad_read;

	*(write ? &s->writes : &s->reads) += 1;
	if (bad >= slot && bad < slot + n)
		return -EIO;
	for (uint32_t i = 0; i < n; i++) {
		void *page = s->pages[slot + i], *va = kmap(f[i]);

		memcpy(write ? page : va, write ? va : page, PAGE_SIZE);
		kunmap(f[i], va);
	}
	return 0;
}

/* A fresh area; its type. */
static int area_start(struct store *s, int32_t priority)
{
	const uint32_t bad[] = {3, 70};

	*s = (struct store){.store = {.io = store_io, .name = "test"}};
	for (uint32_t i = 0; i < SLOTS; i++)
		EXPECT((s->pages[i] = kmalloc(PAGE_SIZE)) != NULL);
	return swap_add(&s->store, SLOTS, priority, bad, ARRAY_SIZE(bad));
}

static void area_stop(struct store *s, int type)
{
	EXPECT_EQ(swap_remove((uint32_t)type), 0);
	for (uint32_t i = 0; i < SLOTS; i++)
		kfree(s->pages[i]);
}

static uint32_t used(void)
{
	return swap_total_pages() - swap_free_pages();
}

/* Evict the pages from va on. How many went. */
static uint32_t evict(struct aspace *as, uint32_t va, uint32_t pages)
{
	struct frame *f[BACKING_CLUSTER_MAX];
	uint32_t n = 0, gone = 0;

	for (uint32_t i = 0; i < pages; i++) {
		f[n] = pgtable_hold(as, va + i * PAGE_SIZE, false);
		n += f[n] != NULL;
		if (n > 0 && (n == ARRAY_SIZE(f) || i == pages - 1)) {
			gone += reclaim_frames(f, n);
			n = 0;
		}
	}
	return gone;
}

static struct aspace *filled(void)
{
	struct aspace *as = fixture_enter();

	EXPECT(fixture_map(as, TEST_VA, PAGES));
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT(poke(TEST_VA + i * PAGE_SIZE, i + 1));
	return as;
}

static void check_contents(void)
{
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT(peek_is(TEST_VA + i * PAGE_SIZE, i + 1));
}

static void finish(struct aspace *as)
{
	fixture_leave();
	aspace_put(as);
	EXPECT_EQ(used(), 0);
	EXPECT_EQ(vm_check(), 0);
}

/* Out in few requests, in with few, clean pages keep their slots and go again without a write. */
static void test_round_trip(void)
{
	int type = area_start(&stores[0], SWAP_PRIORITY_NONE);
	struct aspace *as = filled();
	uint32_t faults = events(VM_PGMAJFAULT);

	EXPECT_EQ(swap_total_pages(), SLOTS - 3);
	EXPECT_EQ(evict(as, TEST_VA, PAGES), PAGES);
	EXPECT_EQ(aspace_resident(as), 0);
	EXPECT_EQ(aspace_swapped(as), PAGES);
	EXPECT_EQ(used(), PAGES);
	EXPECT(stores[0].writes <= 4);
	EXPECT_EQ(vm_check(), 0);
	check_contents();
	EXPECT(stores[0].reads <= 8);
	EXPECT_EQ(events(VM_PGMAJFAULT) - faults, stores[0].reads);
	EXPECT_EQ(used(), PAGES);
	stores[0].writes = 0;
	EXPECT_EQ(evict(as, TEST_VA, PAGES), PAGES);
	EXPECT_EQ(stores[0].writes, 0);
	EXPECT(poke(TEST_VA, 1)); /* A store gives the slot back. */
	EXPECT_EQ(used(), PAGES - 1);
	EXPECT_EQ(vm_check(), 0);
	EXPECT_EQ(aspace_unmap(as, TEST_VA, PAGES / 2 * PAGE_SIZE), 0);
	EXPECT_EQ(used(), PAGES / 2);
	finish(as);
	area_stop(&stores[0], type);
}

/* Entries of a shared table, then of two: each store gets its own page, the last owner the slot's. */
static void test_fork(void)
{
	int type = area_start(&stores[0], SWAP_PRIORITY_NONE);
	struct aspace *as = filled(), *child = aspace_fork(as);

	EXPECT_EQ(evict(as, TEST_VA, PAGES), PAGES);
	EXPECT_EQ(aspace_swapped(child), PAGES);
	EXPECT(poke(TEST_VA, 100));
	EXPECT_EQ(vm_check(), 0);
	fixture_switch(child);
	check_contents();
	EXPECT(poke(TEST_VA + PAGE_SIZE, 200));
	fixture_switch(as);
	EXPECT(peek_is(TEST_VA, 100) && peek_is(TEST_VA + PAGE_SIZE, 2));
	EXPECT_EQ(vm_check(), 0);
	evict(as, TEST_VA, PAGES);
	evict(child, TEST_VA, PAGES);
	EXPECT_EQ(vm_check(), 0);
	aspace_put(child);
	EXPECT(poke(TEST_VA, 1));
	check_contents();
	finish(as);
	area_stop(&stores[0], type);
}

/* A bad slot takes its page from its owner alone, once read; one that cannot be written keeps it elsewhere. */
static void test_bad_slots(void)
{
	int type = area_start(&stores[0], SWAP_PRIORITY_NONE);
	struct aspace *as = filled();
	uint32_t value, slot;

	stores[0].bad_write = 66; /* Of those given out first. */
	EXPECT_EQ(evict(as, TEST_VA, PAGES), PAGES);
	EXPECT_EQ(swap_total_pages(), SLOTS - 4);
	EXPECT_EQ(vm_check(), 0);
	check_contents();
	evict(as, TEST_VA, PAGES);
	slot = pte_swap_slot(pgtable_get(as, TEST_VA + 5 * PAGE_SIZE));
	stores[0].bad_read = slot;
	EXPECT(!peek(TEST_VA + 5 * PAGE_SIZE, &value));
	EXPECT(peek_is(TEST_VA + 4 * PAGE_SIZE, 5) && peek_is(TEST_VA + 6 * PAGE_SIZE, 7));
	stores[0].bad_read = 0;
	finish(as);
	EXPECT(swap_total_pages() < SLOTS - 3);
	area_stop(&stores[0], type);
}

/* The higher priority first, then the other; full is not the end, and swapoff moves to where there is room. */
static void test_areas(void)
{
	int low = area_start(&stores[0], 1), high = area_start(&stores[1], 2);
	struct aspace *as = filled();
	struct swap_area_info info;
	uint32_t next = (uint32_t)high;

	EXPECT_EQ(evict(as, TEST_VA, PAGES), PAGES);
	EXPECT(swap_area_info(&next, &info) && info.in_use == PAGES && info.priority == 2);
	EXPECT_EQ(swap_remove((uint32_t)high), 0);
	EXPECT_EQ(aspace_resident(as), PAGES);
	check_contents();
	EXPECT_EQ(evict(as, TEST_VA, PAGES), PAGES);
	EXPECT_EQ(stores[0].reads, 0);
	fail_set("frame_alloc:3+");
	EXPECT_EQ(swap_remove((uint32_t)low), -ENOMEM);
	fail_set("off");
	EXPECT_EQ(vm_check(), 0);
	check_contents();
	finish(as);
	area_stop(&stores[0], low);
	EXPECT_EQ(swap_remove((uint32_t)high), -EINVAL);
	for (uint32_t i = 0; i < SLOTS; i++)
		kfree(stores[1].pages[i]);
}

/* Shared memory: its backing remembers the slots, two spaces see one page. */
static void test_shared(void)
{
	int type = area_start(&stores[0], SWAP_PRIORITY_NONE);
	struct backing *b = shm_create(PAGES, 0);
	struct aspace *as = fixture_enter(), *other = aspace_create();

	EXPECT_EQ(aspace_map(as, TEST_VA, PAGES * PAGE_SIZE, SHARED, MAP_HOW_FIXED, b, 0), TEST_VA);
	EXPECT_EQ(aspace_map(other, TEST_VA, PAGES * PAGE_SIZE, SHARED, MAP_HOW_FIXED, b, 0),
		  TEST_VA);
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT(poke(TEST_VA + i * PAGE_SIZE, i + 1));
	EXPECT_EQ(evict(as, TEST_VA, PAGES), PAGES);
	EXPECT_EQ(shm_swapped(b), PAGES);
	EXPECT_EQ(b->pages.count, 0);
	EXPECT_EQ(vm_check(), 0);
	fixture_switch(other);
	check_contents();
	EXPECT(poke(TEST_VA, 7));
	fixture_switch(as);
	EXPECT(peek_is(TEST_VA, 7) && poke(TEST_VA, 1));
	EXPECT_EQ(evict(other, TEST_VA, PAGES), PAGES);
	cache_punch(b, 0, 4);
	EXPECT_EQ(shm_swapped(b), PAGES - 4);
	EXPECT(peek_is(TEST_VA, 0) && peek_is(TEST_VA + 4 * PAGE_SIZE, 5));
	EXPECT_EQ(swap_remove((uint32_t)type), 0);
	EXPECT_EQ(shm_swapped(b), 0);
	EXPECT(peek_is(TEST_VA + 5 * PAGE_SIZE, 6));
	b->ops->put(b);
	aspace_put(other);
	finish(as);
	for (uint32_t i = 0; i < SLOTS; i++)
		kfree(stores[0].pages[i]);
}

static const struct selftest_case cases[] = {
	{"round trip", test_round_trip}, {"fork", test_fork},
	{"bad slots", test_bad_slots},	 {"areas", test_areas},
	{"shared memory", test_shared},	 {NULL, NULL},
};

const struct selftest_suite selftest_swap = {"swap", cases};
