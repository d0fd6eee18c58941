/*
 * test_rmap.c: the reverse map: how many see a frame, taking the right to write from all of them, entries
 * that move, and no memory for a chain.
 *
 * rows: D9 E19
 * lab: cow
 */

#include "kernel/abi/errno.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/pgtable.h"
#include "mm/pmm.h"
#include "mm/rmap.h"
#include "mm/shm.h"
#include "mm/vmstat.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

#define SPACES 20
#define SHARED (VM_READ | VM_WRITE | VM_MAYWRITE | VM_SHARED)

static struct frame *frame_at(struct aspace *as, uint32_t va)
{
	return frame_of_pfn(pfn_at(as, va));
}

static struct aspace *filled(uint32_t pages)
{
	struct aspace *as = fixture_enter();

	EXPECT(fixture_map(as, TEST_VA, pages));
	for (uint32_t i = 0; i < pages; i++)
		EXPECT(poke(TEST_VA + i * PAGE_SIZE, i + 1));
	return as;
}

static void finish(struct aspace *as)
{
	fixture_leave();
	aspace_put(as);
	EXPECT_EQ(vm_check(), 0);
}

/* fork adds a view and no slot; a table of one's own adds the slot, far beyond what a frame holds itself. */
static void test_counts(void)
{
	struct aspace *as[SPACES];
	struct frame *f, *table;

	as[0] = filled(1);
	f = frame_at(as[0], TEST_VA);
	for (uint32_t i = 1; i < SPACES; i++)
		as[i] = aspace_fork(as[0]);
	EXPECT_EQ(rmap_mapcount(f), SPACES);
	EXPECT_EQ(rmap_count(f), 1);
	for (uint32_t i = 0; i < SPACES; i++) {
		EXPECT_EQ(pgtable_own(as[i], TEST_VA, &table), 0);
		EXPECT_EQ(rmap_mapcount(f), SPACES);
		EXPECT_EQ(rmap_count(f), MIN(i + 2, (uint32_t)SPACES));
	}
	EXPECT_EQ(vm_check(), 0);
	for (uint32_t left = SPACES; left > 1; left--) { /* From the middle outwards. */
		uint32_t i = SPACES - left,
			 who = i % 2 ? SPACES / 2 - 1 - i / 2 : SPACES / 2 + i / 2;

		aspace_put(as[who]);
		as[who] = NULL;
		EXPECT_EQ(rmap_mapcount(f), left - 1);
	}
	EXPECT_EQ(vm_check(), 0);
	for (uint32_t i = 0; i < SPACES; i++)
		if (as[i])
			fixture_switch(as[i]);
	EXPECT(peek_is(TEST_VA, 1) && poke(TEST_VA, 2));
	EXPECT_EQ(rmap_count(f), 1);
	fixture_leave();
	for (uint32_t i = 0; i < SPACES; i++)
		if (as[i])
			aspace_put(as[i]);
	EXPECT_EQ(vm_check(), 0);
}

/* Every view tells of touches, and can be made to fault at the next: which keeps the contents. */
static void test_age(void)
{
	struct aspace *as = filled(1), *child = aspace_fork(as);
	struct frame *f = frame_at(as, TEST_VA), *table;
	uint32_t faults;

	EXPECT(child && pgtable_own(child, TEST_VA, &table) == 0);
	EXPECT_EQ(rmap_count(f), 2);
	EXPECT_EQ(rmap_try_age(f, 0), 1);
	EXPECT_EQ(rmap_try_age(f, RMAP_AGE), 1);
	EXPECT_EQ(rmap_try_age(f, RMAP_AGE | RMAP_PARK), 0);
	faults = events(VM_PGFAULT);
	EXPECT(peek_is(TEST_VA, 1));
	EXPECT_EQ(events(VM_PGFAULT), faults + 1);
	EXPECT_EQ(rmap_try_age(f, RMAP_PARK), 1);
	EXPECT_EQ(rmap_try_age(f, RMAP_AGE), 1); /* Parked entries remember. */
	fixture_switch(child);
	EXPECT(peek_is(TEST_VA, 1) && poke(TEST_VA, 2)); /* A store to a parked page copies it. */
	fixture_switch(as);
	EXPECT(peek_is(TEST_VA, 1));
	aspace_put(child);
	finish(as);
}

/* A frame's slot is the entry that shows it, and no other. */
static void test_owner(void)
{
	struct aspace *as = filled(4);
	struct frame *table = pgtable_lock_at(as, TEST_VA);
	pte_t *pte = pgtable_entries(table);

	for (uint32_t i = 0; i < 4; i++) {
		struct frame *f = frame_of_pfn(pte_pfn(pte[i]));

		EXPECT(frame_is(f, FRAME_ANON) && !f->backing);
		for (uint32_t k = 0; k < 4; k++)
			EXPECT_EQ(rmap_has(f, rmap_slot(pte + k)), i == k);
	}
	pgtable_unlock(table);
	finish(as);
}

/* Every view loses the right to write, and gets it back by a fault. */
static void test_write_protect(void)
{
	struct backing *b = shm_create(1, 0);
	struct aspace *as = fixture_enter(), *other = aspace_create();
	struct frame *f;

	EXPECT_EQ(aspace_map(as, TEST_VA, PAGE_SIZE, SHARED, MAP_HOW_FIXED, b, 0), TEST_VA);
	EXPECT_EQ(aspace_map(other, TEST_VA, PAGE_SIZE, SHARED, MAP_HOW_FIXED, b, 0), TEST_VA);
	b->ops->put(b);
	EXPECT(poke(TEST_VA, 1));
	fixture_switch(other);
	EXPECT(poke(TEST_VA, 2));
	f = frame_at(as, TEST_VA);
	EXPECT_EQ(rmap_mapcount(f), 2);
	rmap_write_protect(&f, 1);
	EXPECT(!(pgtable_get(as, TEST_VA) & PTE_W) && !(pgtable_get(other, TEST_VA) & PTE_W));
	EXPECT(peek_is(TEST_VA, 2) && poke(TEST_VA, 3));
	EXPECT(!(pgtable_get(as, TEST_VA) & PTE_W) && pgtable_get(other, TEST_VA) & PTE_W);
	fixture_switch(as);
	EXPECT(peek_is(TEST_VA, 3) && poke(TEST_VA, 4));
	aspace_put(other);
	finish(as);
}

/* Entries move within a table, to another, and as a whole table. */
static void test_move(void)
{
	static const uint32_t to[] = {TEST_VA + 0x100000, TEST_VA + 3 * TABLE_SPAN - 2 * PAGE_SIZE,
				      TEST_VA + 4 * TABLE_SPAN};
	struct aspace *as = filled(4);
	struct frame *f = frame_at(as, TEST_VA + PAGE_SIZE);
	uint32_t at = TEST_VA;

	for (uint32_t i = 0; i < ARRAY_SIZE(to); i++) {
		EXPECT(fixture_map(as, to[i], PTRS_PER_TABLE));
		EXPECT_EQ(pgtable_move(as, at, to[i], TABLE_SPAN / 4), 0);
		at = to[i];
		EXPECT_EQ(vm_check(), 0);
		EXPECT(pgtable_get(as, at - PAGE_SIZE) == 0 && peek_is(at + 3 * PAGE_SIZE, 4));
		EXPECT(frame_at(as, at + PAGE_SIZE) == f && rmap_count(f) == 1);
	}
	EXPECT(fixture_map(as, at + TABLE_SPAN, PTRS_PER_TABLE));
	EXPECT_EQ(pgtable_move(as, at, at + TABLE_SPAN, TABLE_SPAN), 0);
	EXPECT(pgtable_get(as, at) == 0 && peek_is(at + TABLE_SPAN, 1));
	finish(as);
}

/* The third slot is the first that needs memory: without it nothing changes. */
static void test_no_memory(void)
{
	struct aspace *as = filled(3), *child[2] = {aspace_fork(as), aspace_fork(as)};
	struct frame *table;

	EXPECT_EQ(pgtable_own(child[0], TEST_VA, &table), 0);
	EXPECT_EQ(fail_set("kmalloc:2"), 0);
	EXPECT_EQ(pgtable_own(child[1], TEST_VA, &table), -ENOMEM);
	EXPECT_EQ(fail_set("off"), 0);
	EXPECT_EQ(vm_check(), 0);
	EXPECT_EQ(pgtable_own(child[1], TEST_VA, &table), 0);
	EXPECT_EQ(rmap_count(frame_at(as, TEST_VA)), 3);
	EXPECT(poke(TEST_VA, 7));
	fixture_switch(child[1]);
	EXPECT(peek_is(TEST_VA, 1));
	aspace_put(child[0]);
	fixture_leave();
	aspace_put(child[1]);
	finish(as);
}

/* Put slots 1 to n of a table into the set, each without memory first: the third, ninth and sixteenth need a
 * node, and without it nothing changes. */
static void add_slots(struct frame *f, struct frame *table, uint32_t n)
{
	pte_t *pte = pgtable_entries(table);

	for (uint32_t i = 1; i <= n; i++) {
		bool needs_node = i == 3 || i == 9 || i == 16;
		int err;

		EXPECT_EQ(fail_set("kmalloc:1"), 0);
		err = rmap_add(f, rmap_slot(pte + i));
		EXPECT_EQ(fail_set("off"), 0);
		EXPECT_EQ(err, needs_node ? -ENOMEM : 0);
		EXPECT_EQ(rmap_count(f), err ? i - 1 : i);
		if (err)
			EXPECT_EQ(rmap_add(f, rmap_slot(pte + i)), 0);
	}
}

/* Sets of every shape, emptied from the front, from the back and from the middle. */
static void test_chains(void)
{
	static const uint32_t lengths[] = {1, 2, 3, 8, 9, 20}, strides[] = {1, 20, 8};
	struct frame *f = frame_alloc(0), *table = frame_alloc(ALLOC_ZERO);
	pte_t *pte = pgtable_entries(table);

	preempt_disable();
	for (uint32_t k = 0; k < ARRAY_SIZE(lengths) * ARRAY_SIZE(strides); k++) {
		uint32_t n = lengths[k % ARRAY_SIZE(lengths)], i = 0;

		add_slots(f, table, n);
		EXPECT_EQ(rmap_mapcount(f), n);
		for (i = 1; i <= n; i++)
			rmap_move(f, rmap_slot(pte + i), rmap_slot(pte + 100 + i));
		for (i = 1; i <= n; i++)
			EXPECT(!rmap_has(f, rmap_slot(pte + i)) &&
			       rmap_has(f, rmap_slot(pte + 100 + i)));
		for (uint32_t left = n, at = 0; left > 0; left--) {
			do /* 21 is coprime to the strides: each once. */
				at = (at + strides[k / ARRAY_SIZE(lengths)]) % 21;
			while (at == 0 || at > n);
			rmap_remove(f, rmap_slot(pte + 100 + at));
			EXPECT_EQ(rmap_count(f), left - 1);
			EXPECT(!rmap_has(f, rmap_slot(pte + 100 + at)));
		}
		EXPECT(!rmap_is_mapped(f) && f->rmap[0] == 0 && f->rmap[1] == 0);
	}
	preempt_enable();
	frame_put(f);
	frame_put(table);
}

static const struct selftest_case cases[] = {
	{"counts", test_counts}, {"owner", test_owner},
	{"age", test_age},	 {"write_protect", test_write_protect},
	{"move", test_move},	 {"no_memory", test_no_memory},
	{"chains", test_chains}, {NULL, NULL},
};

const struct selftest_suite selftest_rmap = {"rmap", cases};
