/*
 * test_cow.c: fork shares page tables, a write owns one table and copies one page.
 *
 * rows: A29 A30 B28 B30 C18 C21
 * lab: cow
 */

#include "kernel/abi/errno.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/fault_internal.h"
#include "mm/pgtable.h"
#include "mm/pmm.h"
#include "mm/vmstat.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

/* True, and the case is skipped, when there is no memory for this many pages twice. */
static bool too_small_for(uint32_t pages)
{
	if (frame_free_count() > 2 * pages + pmm_watermarks.high)
		return false;
	selftest_skip("not enough memory");
	return true;
}

/* A current space with pages of memory at TEST_VA, page i holding i + 1. */
static struct aspace *filled(uint32_t pages)
{
	struct aspace *as = fixture_enter();

	EXPECT(fixture_map(as, TEST_VA, pages));
	for (uint32_t i = 0; i < pages; i++)
		EXPECT(poke(TEST_VA + i * PAGE_SIZE, i + 1));
	return as;
}

static void finish(struct aspace *a, struct aspace *b)
{
	EXPECT_EQ(vm_check(), 0);
	fixture_leave();
	aspace_put(a);
	aspace_put(b);
	EXPECT_EQ(vm_check(), 0);
}

/* Fork takes the same frames for one page as for two thousand: the directory, the areas. */
static void test_fork_is_flat(void)
{
	uint32_t taken[2];

	if (too_small_for(2000))
		return;
	for (uint32_t round = 0; round < 2; round++) {
		uint32_t pages = round ? 2000 : 1, copies = events(VM_FRAME_COPY), before;
		struct aspace *parent = filled(pages), *child;

		before = frame_free_count();
		child = aspace_fork(parent);
		EXPECT(child != NULL);
		taken[round] = before - frame_free_count();
		EXPECT_EQ(events(VM_FRAME_COPY), copies);
		finish(parent, child);
	}
	EXPECT_EQ(taken[0], taken[1]);
}

/* Each side sees its own writes only; each written page is copied exactly once (features A29, A32). */
static void test_isolation(void)
{
	struct aspace *parent = filled(3), *child = aspace_fork(parent);
	uint32_t copies = events(VM_FRAME_COPY);

	EXPECT_EQ(pfn_at(parent, TEST_VA), pfn_at(child, TEST_VA));
	EXPECT(poke(TEST_VA, 100));
	EXPECT_EQ(events(VM_FRAME_COPY), copies + 1);
	EXPECT(pfn_at(parent, TEST_VA) != pfn_at(child, TEST_VA));
	EXPECT_EQ(pfn_at(parent, TEST_VA + PAGE_SIZE), pfn_at(child, TEST_VA + PAGE_SIZE));
	fixture_switch(child);
	EXPECT(peek_is(TEST_VA, 1));
	EXPECT(poke(TEST_VA, 200)); /* The last owner: no copy. */
	EXPECT_EQ(events(VM_FRAME_COPY), copies + 1);
	fixture_switch(parent);
	EXPECT(peek_is(TEST_VA, 100) && peek_is(TEST_VA + 2 * PAGE_SIZE, 3));
	finish(parent, child);
}

/* A write right after fork must fault: the parent's own translations were flushed (features B28). */
static void test_parent_is_flushed(void)
{
	struct aspace *parent = filled(1), *child;

	EXPECT(poke(TEST_VA, 5)); /* Writable and in the TLB. */
	child = aspace_fork(parent);
	EXPECT(poke(TEST_VA, 6));
	fixture_switch(child);
	EXPECT(peek_is(TEST_VA, 5));
	finish(parent, child);
}

/* After the child has gone without writing, the parent gets each table back by one fault. */
static void test_one_fault_per_table(void)
{
	uint32_t pages = 2 * PTRS_PER_TABLE, faults, copies;
	struct aspace *parent, *child;

	if (too_small_for(pages))
		return;
	parent = filled(pages);
	child = aspace_fork(parent);
	aspace_put(child);
	faults = events(VM_PGFAULT);
	copies = events(VM_FRAME_COPY);
	for (uint32_t i = 0; i < pages; i++)
		EXPECT(poke(TEST_VA + i * PAGE_SIZE, i));
	EXPECT_EQ(events(VM_PGFAULT) - faults, 2);
	EXPECT_EQ(events(VM_FRAME_COPY), copies);
	finish(parent, NULL);
}

/* Of N sharers the first N-1 to write copy, the last only gets its page writable (features B30). */
static void test_last_of_four(void)
{
	struct aspace *as[4];
	uint32_t free;

	as[0] = filled(1);
	for (uint32_t i = 1; i < 4; i++)
		as[i] = aspace_fork(as[0]);
	for (uint32_t i = 0; i < 4;
	     i++) { /* Tables of their own first, so that only pages count below. */
		struct frame *table;

		EXPECT_EQ(pgtable_own(as[i], TEST_VA, &table), 0);
	}
	free = frame_free_count();
	for (uint32_t i = 0; i < 4; i++) {
		fixture_switch(as[i]);
		EXPECT(poke(TEST_VA, i + 10));
	}
	EXPECT_EQ(free - frame_free_count(), 3);
	for (uint32_t i = 0; i < 4; i++) {
		fixture_switch(as[i]);
		EXPECT(peek_is(TEST_VA, i + 10));
	}
	fixture_leave();
	for (uint32_t i = 0; i < 4; i++)
		aspace_put(as[i]);
	EXPECT_EQ(vm_check(), 0);
}

/* Copies of copies: parent, child and grandchild write in all six orders (features C21). */
static void test_grandchild(void)
{
	static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (uint32_t o = 0; o < 6; o++) {
		struct aspace *as[3];

		as[0] = filled(1);
		as[1] = aspace_fork(as[0]);
		as[2] = aspace_fork(as[1]);
		for (uint32_t i = 0; i < 3; i++) {
			fixture_switch(as[orders[o][i]]);
			EXPECT(peek_is(TEST_VA, 1) && poke(TEST_VA, 50 + orders[o][i]));
		}
		for (uint32_t i = 0; i < 3; i++) {
			fixture_switch(as[i]);
			EXPECT(peek_is(TEST_VA, 50 + i));
		}
		fixture_leave();
		aspace_put(as[o % 3]);
		aspace_put(as[(o + 1) % 3]);
		aspace_put(as[(o + 2) % 3]);
	}
	EXPECT_EQ(vm_check(), 0);
}

/* The zero frame is shared by readers and never written (features E10). */
static void test_zero_frame(void)
{
	struct aspace *as = fixture_enter();
	uint32_t free;

	EXPECT(fixture_map(as, TEST_VA, 100));
	EXPECT(peek_is(TEST_VA, 0));
	free = frame_free_count();
	for (uint32_t i = 0; i < 100; i++)
		EXPECT(peek_is(TEST_VA + i * PAGE_SIZE, 0));
	EXPECT_EQ(frame_free_count(), free);
	EXPECT_EQ(pfn_at(as, TEST_VA), frame_pfn(zero_frame));
	EXPECT(poke(TEST_VA, 1) && peek_is(TEST_VA + PAGE_SIZE, 0));
	EXPECT(pfn_at(as, TEST_VA) != frame_pfn(zero_frame));
	EXPECT_EQ(*(uint32_t *)kmap(zero_frame), 0);
	finish(as, NULL);
}

/* Memory shared by intent stays shared over fork, both ways (features B21, D31). */
static void test_shared_stays_shared(void)
{
	struct aspace *parent = fixture_enter(), *child;
	uint32_t flags = VM_READ | VM_WRITE | VM_MAYWRITE | VM_SHARED;

	EXPECT_EQ(aspace_map(parent, TEST_VA, 2 * PAGE_SIZE, flags, MAP_HOW_FIXED, NULL, 0),
		  TEST_VA);
	EXPECT(poke(TEST_VA, 42));
	child = aspace_fork(parent);
	fixture_switch(child);
	EXPECT(peek_is(TEST_VA, 42) && poke(TEST_VA, 53) && poke(TEST_VA + PAGE_SIZE, 54));
	fixture_switch(parent);
	EXPECT(peek_is(TEST_VA, 53) && peek_is(TEST_VA + PAGE_SIZE, 54));
	EXPECT_EQ(pfn_at(parent, TEST_VA), pfn_at(child, TEST_VA));
	finish(parent, child);
}

/* Unmapping a part in one space leaves the other's pages alone. */
static void test_unmap_shared_part(void)
{
	struct aspace *parent = filled(10), *child = aspace_fork(parent);

	fixture_switch(child);
	EXPECT_EQ(aspace_unmap(child, TEST_VA + 2 * PAGE_SIZE, 3 * PAGE_SIZE), 0);
	EXPECT(!peek_is(TEST_VA + 3 * PAGE_SIZE, 4) && peek_is(TEST_VA + 5 * PAGE_SIZE, 6));
	fixture_switch(parent);
	for (uint32_t i = 0; i < 10; i++)
		EXPECT(peek_is(TEST_VA + i * PAGE_SIZE, i + 1));
	finish(parent, child);
}

/* Rights taken away in one space stay in the other. */
static void test_protect_shared(void)
{
	struct aspace *parent = filled(4), *child = aspace_fork(parent);

	EXPECT_EQ(aspace_protect(child, TEST_VA, 2 * PAGE_SIZE, VM_READ), 0);
	aspace_put(child);
	EXPECT(poke(TEST_VA, 9));
	child = aspace_fork(parent);
	EXPECT_EQ(aspace_protect(parent, TEST_VA, 4 * PAGE_SIZE, VM_READ), 0);
	EXPECT(!poke(TEST_VA, 10));
	fixture_switch(child);
	EXPECT(peek_is(TEST_VA, 9) && poke(TEST_VA, 11));
	finish(parent, child);
}

/* fork, munmap and mprotect fail cleanly at every allocation (features A30, C17). */
static void test_fail_everywhere(void)
{
	static const char *const points[] = {"frame_alloc:1", "frame_alloc:2", "kmalloc:1",
					     "kmalloc:2", "kmalloc:3"};
	struct aspace *parent = filled(8), *child;

	EXPECT_EQ(aspace_protect(parent, TEST_VA + 4 * PAGE_SIZE, PAGE_SIZE, VM_READ), 0);
	for (uint32_t i = 0; i < ARRAY_SIZE(points); i++) {
		EXPECT_EQ(fail_set(points[i]), 0);
		child = aspace_fork(parent);
		aspace_put(child);
		EXPECT_EQ(vm_check(), 0);
		EXPECT_EQ(fail_set("off"), 0);
	}
	child = aspace_fork(parent);
	EXPECT_EQ(fail_set("frame_alloc:1"), 0);
	EXPECT_EQ(aspace_unmap(child, TEST_VA + PAGE_SIZE, PAGE_SIZE), -ENOMEM);
	EXPECT_EQ(fail_set("frame_alloc:1"), 0);
	EXPECT_EQ(aspace_protect(child, TEST_VA, PAGE_SIZE, VM_READ), -ENOMEM);
	EXPECT_EQ(fail_set("off"), 0);
	EXPECT_EQ(child->vmas.count, parent->vmas.count);
	fixture_switch(child);
	EXPECT(poke(TEST_VA + PAGE_SIZE, 77) && poke(TEST_VA, 78));
	finish(parent, child);
}

static const struct selftest_case cases[] = {
	{"fork_is_flat", test_fork_is_flat},
	{"isolation", test_isolation},
	{"parent_is_flushed", test_parent_is_flushed},
	{"one_fault_per_table", test_one_fault_per_table},
	{"last_of_four", test_last_of_four},
	{"grandchild", test_grandchild},
	{"zero_frame", test_zero_frame},
	{"shared_stays_shared", test_shared_stays_shared},
	{"unmap_shared_part", test_unmap_shared_part},
	{"protect_shared", test_protect_shared},
	{"fail_everywhere", test_fail_everywhere},
	{NULL, NULL},
};

const struct selftest_suite selftest_cow = {"cow", cases};
