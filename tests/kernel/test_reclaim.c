/*
 * test_reclaim.c: which frames eviction takes, and which it leaves alone.
 *
 * Swap is a few frames here: a store that can look at what is going on while it writes.
 *
 * rows: D6 D8 D10 D12 D13 D22 E18 E22
 * lab: cow
 */

#include "arch/x86/mmu.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/fault.h"
#include "mm/kmalloc.h"
#include "mm/pgtable.h"
#include "mm/pmm.h"
#include "mm/policy_set.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/swap.h"
#include "mm/vmstat.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"
#include "tests/kernel/workers.h"

#define SLOTS 33u
#define PAGES 12u

static uint8_t *slots; /* SLOTS pages. */
static void (*during_write)(void);
static uint32_t requests, written;

static int store_io(struct swap_store *s, bool write, uint32_t slot, struct frame *const *f,
		    uint32_t n)
{
	(void)s;
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *at = slots + (slot + i) * PAGE_SIZE;

		memcpy(write ? at : kmap(f[i]), write ? kmap(f[i]) : at, PAGE_SIZE);
	}
	requests += write;
	written += write ? n : 0;
	if (write && during_write)
		during_write();
	return 0;
}

static struct swap_store store = {.io = store_io, .name = "test"};
static struct aspace *space;
static int area;

static uint32_t page_va(uint32_t i)
{
	return TEST_VA + i * PAGE_SIZE;
}

/* A current space whose page i holds i + 1, and a swap area. */
static bool begin(void)
{
	slots = kzalloc(SLOTS * PAGE_SIZE);
	if (!slots)
		return false;
	requests = written = 0;
	during_write = NULL;
	area = swap_add(&store, SLOTS, SWAP_PRIORITY_NONE, NULL, 0);
	space = fixture_enter();
	EXPECT(area >= 0 && fixture_map(space, TEST_VA, PAGES));
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT(poke(page_va(i), i + 1));
	return true;
}

/* Everything holds what it held, and the slots come back. */
static void end(void)
{
	EXPECT_EQ(vm_check(), 0);
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT(peek_is(page_va(i), i + 1));
	EXPECT_EQ(vm_check(), 0);
	fixture_leave();
	aspace_put(space);
	EXPECT_EQ(swap_free_pages(), swap_total_pages());
	EXPECT_EQ(swap_remove((uint32_t)area), 0);
	EXPECT_EQ(vm_check(), 0);
	kfree(slots);
}

static struct frame *frame_of(uint32_t i)
{
	return frame_of_pfn(pfn_at(space, page_va(i)));
}

static bool is_out(uint32_t i)
{
	return pte_is_swapped(pgtable_get(space, page_va(i)));
}

/* Evict pages [first, first + n) as a debugger would. How many went. */
static uint32_t evict(uint32_t first, uint32_t n)
{
	struct frame *f[BACKING_CLUSTER_MAX];

	for (uint32_t i = 0; i < n; i++) {
		f[i] = frame_of(first + i);
		frame_get(f[i]);
	}
	return reclaim_frames(f, n);
}

/* A batch goes to slots that follow each other, in one request. */
static void test_batch(void)
{
	if (!begin())
		return;
	EXPECT_EQ(evict(0, PAGES), PAGES);
	EXPECT(requests == 1 && written == PAGES);
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT(is_out(i));
	EXPECT_EQ(aspace_resident(space), 0);
	end();
}

/* What was not changed since it came back has its slot still: it is not written again. */
static void test_clean(void)
{
	if (!begin())
		return;
	EXPECT_EQ(evict(0, 4), 4);
	for (uint32_t i = 0; i < 4; i++)
		EXPECT(peek_is(page_va(i), i + 1));
	EXPECT(poke(page_va(3), 4));
	EXPECT_EQ(evict(0, 4), 4);
	EXPECT_EQ(written, 5);
	end();
}

/* A frame that somebody holds, or has BUSY, stays as it is. */
static void test_held(void)
{
	struct frame *f;

	if (!begin())
		return;
	f = frame_of(0);
	frame_get(f);
	EXPECT_EQ(evict(0, 1), 0);
	EXPECT(!is_out(0) && frame_of(0) == f && !f->backing);
	frame_put(f);
	EXPECT(frame_busy_trylock(f, RANK_BUSY));
	EXPECT_EQ(evict(0, 1), 0);
	frame_busy_unlock(f, RANK_BUSY);
	EXPECT(!is_out(0));
	EXPECT_EQ(evict(0, 1), 1);
	end();
}

/* Touched while it is written: the owner gets the same frame back, and it is not freed. */
static void touch(uint32_t number)
{
	(void)number;
	fixture_switch(space);
	EXPECT(is_out(0) && peek_is(page_va(0), 1));
	fixture_leave();
}

static void touch_first(void)
{
	workers_start(1, touch);
	workers_join(1);
}

static void test_touched(void)
{
	struct frame *f;

	if (!begin())
		return;
	f = frame_of(0);
	during_write = touch_first;
	EXPECT_EQ(evict(0, 2), 1);
	EXPECT(frame_of(0) == f && is_out(1));
	during_write = NULL;
	end();
}

/* Stored to while it is written: it is dirty again, and what was stored is not lost. */
static void change(uint32_t number)
{
	(void)number;
	fixture_switch(space);
	EXPECT(is_out(0) && poke(page_va(0), 77));
	fixture_leave();
}

static void store_first(void)
{
	workers_start(1, change);
	workers_join(1);
}

static void test_stored(void)
{
	if (!begin())
		return;
	during_write = store_first;
	EXPECT_EQ(evict(0, 1), 0);
	during_write = NULL;
	EXPECT(peek_is(page_va(0), 77));
	EXPECT_EQ(evict(0, 1), 1);
	EXPECT(peek_is(page_va(0), 77) && poke(page_va(0), 1));
	end();
}

/* One entry of a table that two spaces share is edited in place, for both. */
static void test_shared(void)
{
	struct aspace *child;
	uint32_t copies;

	if (!begin())
		return;
	child = aspace_fork(space);
	copies = events(VM_TABLE_COPY);
	EXPECT_EQ(evict(0, 4), 4);
	EXPECT(pte_is_swapped(pgtable_get(child, TEST_VA)));
	EXPECT_EQ(swap_total_pages() - swap_free_pages(), 4);
	EXPECT_EQ(events(VM_TABLE_COPY), copies);
	fixture_switch(child);
	EXPECT(peek_is(page_va(1), 2) && poke(page_va(0), 9) && peek_is(page_va(0), 9));
	fixture_switch(space);
	aspace_put(child);
	end();
}

/* Locked pages stay; a child's copies of them do not. */
static void test_locked(void)
{
	struct aspace *child;

	if (!begin())
		return;
	space->lock_limit = UINT32_MAX;
	EXPECT_EQ(aspace_lock(space, TEST_VA, page_va(2), VM_LOCKED), 0);
	EXPECT_EQ(evict(0, 3), 1);
	EXPECT(!is_out(0) && !is_out(1) && is_out(2));
	child = aspace_fork(space);
	EXPECT(!(pgtable_get(child, TEST_VA) & PTE_LOCKED));
	aspace_put(child);
	EXPECT_EQ(aspace_lock(space, TEST_VA, page_va(2), 0), 0);
	EXPECT_EQ(evict(0, 2), 2);
	end();
}

/* What handling a fault takes is locked down: code, frames[], our stack, objects, directory and table. */
static void test_locked_down(void)
{
	uint32_t stack = thread_current()->kstack;
	const pte_t *pgdir;

	if (!begin())
		return;
	pgdir = kmap(space->pgdir);
	const struct frame *const of_kernel[] = {
		frame_of_va(vm_fault),
		frame_of_va(frames),
		frame_of_pfn(pte_pfn(mmu_lookup_kernel(stack))),
		frame_of_pfn(pte_pfn(mmu_lookup_kernel(stack + KSTACK_SIZE - 1))),
		frame_of_va(space),
		space->pgdir,
		frame_of_pfn(pte_pfn(pgdir[va_pdx(TEST_VA)])),
	};

	policy_set_drain();
	for (uint32_t i = 0; i < ARRAY_SIZE(of_kernel); i++) {
		EXPECT(atomic_load(&of_kernel[i]->flags) & FRAME_LOCKED_DOWN);
		EXPECT(!frame_is(of_kernel[i], FRAME_LISTED));
	}
	EXPECT(frame_is(frame_of(0), FRAME_LISTED));
	end();
}

/* Without a slot, or without memory for what a slot needs, a page stays. */
static void test_nowhere(void)
{
	uint32_t taken[SLOTS], n = 0;

	if (!begin())
		return;
	EXPECT_EQ(fail_set("kmalloc:1"), 0);
	EXPECT_EQ(evict(0, 1), 0);
	EXPECT_EQ(fail_set("off"), 0);
	while ((taken[n] = swap_alloc()) != 0)
		n++;
	EXPECT(swap_full());
	EXPECT_EQ(evict(0, 1), 0);
	EXPECT(!is_out(0));
	while (n > 0)
		swap_put(taken[--n]);
	end();
}

/* Another policy takes over all that the one before it had, whoever is out. */
static void test_switch(void)
{
	uint32_t pages;
	struct frame *f;

	if (!begin())
		return;
	policy_set_drain();
	pages = policy_anon.pages;
	for (uint32_t i = 0; policies[i]; i++) {
		const char *before = policy_set_chosen();

		f = policy_set_victim(&policy_anon);
		EXPECT(f != NULL);
		EXPECT_EQ(policy_set_choose(policies[i]->name), policies[i]->touched ? -EINVAL : 0);
		EXPECT(policies[i]->touched || policy_set_chosen() != before || i == 0);
		policy_set_restore(f);
		frame_put(f);
		EXPECT_EQ(policy_anon.pages, pages);
	}
	EXPECT_EQ(policy_set_choose("none of these"), -EINVAL);
	EXPECT_EQ(policy_set_choose(policies[0]->name), 0);
	end();
}

static const struct selftest_case cases[] = {
	{"a batch goes in one request", test_batch},
	{"clean pages are not written", test_clean},
	{"held frames stay", test_held},
	{"a page that is touched meanwhile stays", test_touched},
	{"a store meanwhile is not lost", test_stored},
	{"shared tables are edited in place", test_shared},
	{"locked pages stay", test_locked},
	{"the kernel is locked down", test_locked_down},
	{"without a place a page stays", test_nowhere},
	{"policies take over from each other", test_switch},
	{},
};

const struct selftest_suite selftest_reclaim = {.name = "reclaim", .cases = cases};
