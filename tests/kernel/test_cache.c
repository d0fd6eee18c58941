/*
 * test_cache.c: the page cache: one read per page however many ask, BUSY makes others wait, a failed
 * read leaves nothing behind, truncation takes pages away, flushing writes what is dirty.
 *
 * rows: A22 D12 E14 E28
 */

#include "kernel/abi/errno.h"
#include "kernel/abi/mman.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "mm/backing.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/kmap.h"
#include "mm/pgtable.h"
#include "mm/pmm.h"
#include "mm/shm.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

/* A backing that counts what is asked of it; page i reads as i + 1000 in its first word. */
struct probe {
	struct backing backing;
	uint32_t reads, writes, last_written, refs;
	bool slow, broken;
	struct waitq release; /* Slow reads wait here until slow is false. */
};

static struct probe probe;

static int probe_read(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct probe *p = container_of(b, struct probe, backing);

	atomic_inc(&p->reads);
	if (atomic_load(&p->slow))
		waitq_wait_event(&p->release, !atomic_load(&p->slow), 0);
	if (p->broken)
		return -EIO;
	backing_zero_from(f, n, 0);
	for (uint32_t i = 0; i < n; i++)
		*(uint32_t *)kmap(f[i]) = f[i]->index + 1000;
	return 0;
}

static int probe_write(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct probe *p = container_of(b, struct probe, backing);

	p->writes++;
	p->last_written = *(uint32_t *)kmap(f[n - 1]);
	return p->broken ? -EIO : 0;
}

static void probe_get(struct backing *b)
{
	atomic_inc(&container_of(b, struct probe, backing)->refs);
}

static void probe_put(struct backing *b)
{
	atomic_dec(&container_of(b, struct probe, backing)->refs);
}

static int probe_sync(struct backing *b)
{
	return cache_flush(b);
}

static const struct backing_ops probe_ops = {.read = probe_read,
					     .write = probe_write,
					     .sync = probe_sync,
					     .get = probe_get,
					     .put = probe_put};

static struct backing *probe_start(uint32_t pages)
{
	memset(&probe, 0, sizeof(probe));
	backing_init(&probe.backing, &probe_ops, pages);
	waitq_init(&probe.release);
	return &probe.backing;
}

static void probe_stop(void)
{
	atomic_store(&probe.backing.size_pages, 0);
	cache_truncate(&probe.backing, 0);
	EXPECT_EQ(probe.backing.pages.count, 0);
	EXPECT_EQ(probe.refs, 0);
	EXPECT_EQ(vm_check(), 0);
}

/* The second get is the same frame and no second read; beyond the end there is nothing. */
static void test_get(void)
{
	struct backing *b = probe_start(10);
	struct frame *f, *g;

	EXPECT(cache_peek(b, 3) == NULL);
	EXPECT_EQ(cache_get(b, 3, &f), 0);
	EXPECT_EQ(cache_get(b, 3, &g), 0);
	EXPECT(f == g && f->refs == 3 && f->index == 3 && f->backing == b);
	EXPECT_EQ(*(uint32_t *)kmap(f), 1003);
	EXPECT_EQ(probe.reads, 1);
	EXPECT_EQ(cache_get(b, 10, &g), -ENXIO);
	frame_put(f);
	frame_put(f);
	probe_stop();
}

/* A read error goes to the one who asked and leaves no page; the next try reads again. */
static void test_read_error(void)
{
	struct backing *b = probe_start(4);
	struct frame *f;

	probe.broken = true;
	EXPECT_EQ(cache_get(b, 0, &f), -EIO);
	EXPECT_EQ(b->pages.count, 0);
	probe.broken = false;
	EXPECT_EQ(cache_get(b, 0, &f), 0);
	EXPECT_EQ(probe.reads, 2);
	frame_put(f);
	EXPECT_EQ(fail_set("cache_read:1"), 0);
	EXPECT_EQ(cache_get(b, 1, &f), -EIO);
	EXPECT_EQ(fail_set("off"), 0);
	probe_stop();
}

/* Out of memory at each allocation: an error, nothing left. */
static void test_no_memory(void)
{
	static const char *const points[] = {"frame_alloc:1", "kmalloc:1", "kmalloc:2"};
	struct backing *b = probe_start(100);
	struct frame *f;

	for (uint32_t i = 0; i < ARRAY_SIZE(points); i++) {
		EXPECT_EQ(fail_set(points[i]), 0);
		EXPECT_EQ(cache_get(b, 99, &f), -ENOMEM); /* Two levels of the index. */
		EXPECT_EQ(b->pages.count, 0);
		EXPECT_EQ(fail_set("off"), 0);
	}
	probe_stop();
}

#define READERS 5
static uint32_t readers_done;

static void reader(void *arg)
{
	struct frame *f;

	(void)arg;
	if (cache_get(&probe.backing, 7, &f) == 0 && *(uint32_t *)kmap(f) == 1007) {
		frame_put(f);
		atomic_inc(&readers_done);
	}
}

/* Five threads want one page while it is being read: one read, all get it (features A40, D12). */
static void test_one_read(void)
{
	struct backing *b = probe_start(10);

	readers_done = 0;
	probe.slow = true;
	for (uint32_t i = 0; i < READERS; i++)
		EXPECT(kthread_create("reader", reader, NULL) != NULL);
	selftest_sleep_ms(50);
	EXPECT_EQ(readers_done, 0);
	EXPECT_EQ(probe.reads, 1);
	EXPECT(cache_peek(b, 7) == NULL); /* BUSY is not to be seen yet. */
	atomic_store(&probe.slow, false);
	waitq_wake_all(&probe.release);
	for (uint32_t i = 0; i < 100 && atomic_load(&readers_done) < READERS; i++)
		selftest_sleep_ms(10);
	EXPECT_EQ(readers_done, READERS);
	EXPECT_EQ(probe.reads, 1);
	selftest_sleep_ms(30); /* Let the readers' stacks be given back. */
	probe_stop();
}

/* Truncation removes pages from its index on; one that is held lives on without a backing. */
static void test_truncate(void)
{
	struct backing *b = probe_start(10);
	struct frame *held, *f;

	EXPECT_EQ(cache_get(b, 8, &held), 0);
	for (uint32_t i = 0; i < 10; i++) {
		EXPECT_EQ(cache_get(b, i, &f), 0);
		frame_put(f);
	}
	atomic_store(&b->size_pages, 5);
	cache_truncate(b, 5);
	EXPECT_EQ(b->pages.count, 5);
	EXPECT(held->backing == NULL && held->refs == 1);
	EXPECT_EQ(cache_get(b, 8, &f), -ENXIO);
	frame_put(held);
	probe_stop();
}

/* Only dirty pages are written; an error keeps the page dirty for the next time. */
static void test_flush(void)
{
	struct backing *b = probe_start(10);
	struct frame *f;

	for (uint32_t i = 0; i < 3; i++) {
		EXPECT_EQ(cache_get(b, i, &f), 0);
		frame_put(f);
	}
	f = cache_peek(b, 1);
	EXPECT(f != NULL);
	*(uint32_t *)kmap(f) = 77;
	cache_dirty(f);
	cache_dirty(f);
	EXPECT_EQ(b->dirty_pages, 1);
	probe.broken = true;
	EXPECT_EQ(cache_flush(b), -EIO);
	EXPECT_EQ(b->dirty_pages, 1);
	probe.broken = false;
	EXPECT_EQ(cache_flush(b), 0);
	EXPECT_EQ(probe.writes, 2);
	EXPECT_EQ(probe.last_written, 77);
	EXPECT_EQ(b->dirty_pages, 0);
	EXPECT_EQ(cache_flush(b), 0);
	EXPECT_EQ(probe.writes, 2);
	frame_put(f);
	probe_stop();
}

/* Two spaces that map one page see one frame; a private write leaves the cache alone (features A12, D28). */
static void test_mapped(void)
{
	struct backing *b = probe_start(4);
	struct aspace *as = fixture_enter(), *other = aspace_create();
	uint32_t shared = VM_READ | VM_WRITE | VM_MAYWRITE | VM_SHARED;
	uint32_t private = VM_READ | VM_WRITE | VM_MAYWRITE;

	EXPECT_EQ(aspace_map(as, TEST_VA, 4 * PAGE_SIZE, shared, MAP_HOW_FIXED, b, 0), TEST_VA);
	EXPECT_EQ(aspace_map(other, TEST_VA, PAGE_SIZE, private, MAP_HOW_FIXED, b, 2), TEST_VA);
	EXPECT_EQ(probe.refs, 2);
	EXPECT(peek_is(TEST_VA + 2 * PAGE_SIZE, 1002) && poke(TEST_VA + 2 * PAGE_SIZE, 5));
	EXPECT_EQ(b->dirty_pages, 1);
	fixture_switch(other);
	EXPECT(peek_is(TEST_VA, 5));
	EXPECT_EQ(pfn_at(other, TEST_VA), pfn_at(as, TEST_VA + 2 * PAGE_SIZE));
	EXPECT(poke(TEST_VA, 6));
	fixture_switch(as);
	EXPECT(peek_is(TEST_VA + 2 * PAGE_SIZE, 5));
	EXPECT_EQ(probe.reads, 1);
	fixture_leave();
	aspace_put(as);
	aspace_put(other);
	probe_stop();
}

/* A fault maps what is cached around it, up to the ends of area, file and table, neither as touched nor to be
 * written; a shared table becomes the space's own first, and without memory for a chain fewer are mapped. */
static void test_around(void)
{
	struct backing *b = probe_start(12);
	uint32_t shared = VM_READ | VM_WRITE | VM_MAYWRITE | VM_SHARED, mapped = 0;
	uint32_t start = TEST_VA + 2 * PAGE_SIZE, reads;
	struct aspace *as = fixture_enter(), *child[2];
	struct frame *f;

	for (uint32_t i = 0; i < 12; i++) {
		EXPECT_EQ(cache_get(b, i, &f), 0);
		frame_put(f);
	}
	reads = probe.reads;
	EXPECT_EQ(aspace_map(as, start, 20 * PAGE_SIZE, shared, MAP_HOW_FIXED, b, 1),
		  (int32_t)start);
	for (uint32_t i = 0; i < 2; i++) {
		child[i] = aspace_fork(as);
		fixture_switch(child[i]);
		EXPECT(peek_is(start + 3 * PAGE_SIZE, 1004));
	}
	for (uint32_t i = 0; i < 11; i++)
		EXPECT_EQ(pgtable_get(child[0], start + i * PAGE_SIZE) &
				  ~(PTE_FRAME | (i == 3 ? PTE_A : 0)),
			  PTE_P | PTE_U);
	EXPECT_EQ(pgtable_get(child[0], start + 11 * PAGE_SIZE), 0);
	EXPECT_EQ(pgtable_get(as, start), 0);
	EXPECT_EQ(probe.reads, reads);
	EXPECT_EQ(b->dirty_pages, 0);
	EXPECT_EQ(vm_check(), 0);
	/* Two show each page: a third needs a node for each. */
	fixture_switch(as);
	EXPECT_EQ(fail_set("kmalloc:2+"), 0);
	EXPECT(peek_is(start, 1001));
	EXPECT_EQ(fail_set("off"), 0);
	for (uint32_t i = 0; i < 11; i++)
		mapped += pgtable_get(as, start + i * PAGE_SIZE) != 0;
	EXPECT_EQ(mapped, 1);
	EXPECT(peek_is(start + 10 * PAGE_SIZE, 1011));
	fixture_leave();
	aspace_put(as);
	aspace_put(child[0]);
	aspace_put(child[1]);
	probe_stop();
}

/* What another process writes into a mapped page makes it dirty though it was cleaned in between. */
static void test_written_by_another(void)
{
	struct backing *b = probe_start(1);
	struct aspace *as = fixture_enter();
	uint32_t shared = VM_READ | VM_WRITE | VM_MAYWRITE | VM_SHARED, word = 7;

	EXPECT_EQ(aspace_map(as, TEST_VA, PAGE_SIZE, shared, MAP_HOW_FIXED, b, 0), TEST_VA);
	for (uint32_t round = 1; round < 4; round++) {
		EXPECT_EQ(aspace_write(as, TEST_VA, &word, sizeof(word)), sizeof(word));
		EXPECT_EQ(b->dirty_pages, 1);
		EXPECT_EQ(cache_flush(b), 0);
		EXPECT_EQ(probe.writes, round);
		EXPECT_EQ(probe.last_written, word++);
		EXPECT_EQ(pgtable_get(as, TEST_VA) & (PTE_W | PTE_D), 0);
	}
	fixture_leave();
	aspace_put(as);
	probe_stop();
}

/* A store after or during a flush is in a later one; an entry that lost W before is clean after it too. */
static void test_store_after_flush(void)
{
	struct backing *b = probe_start(2);
	struct aspace *as = fixture_enter(), *child;
	uint32_t shared = VM_READ | VM_WRITE | VM_MAYWRITE | VM_SHARED;
	struct frame *table;

	EXPECT_EQ(aspace_map(as, TEST_VA, 2 * PAGE_SIZE, shared, MAP_HOW_FIXED, b, 0), TEST_VA);
	EXPECT(poke(TEST_VA, 1) && poke(TEST_VA + PAGE_SIZE, 2));
	EXPECT_EQ(cache_flush(b), 0);
	EXPECT_EQ(b->dirty_pages, 0);
	EXPECT(poke(TEST_VA + PAGE_SIZE, 3));
	EXPECT_EQ(b->dirty_pages, 1);
	child = aspace_fork(as);
	EXPECT_EQ(pgtable_own(child, TEST_VA, &table), 0);
	EXPECT(pgtable_get(child, TEST_VA + PAGE_SIZE) & PTE_D);
	EXPECT_EQ(cache_flush(b), 0);
	EXPECT_EQ(probe.last_written, 3);
	EXPECT_EQ((pgtable_get(child, TEST_VA + PAGE_SIZE) | pgtable_get(as, TEST_VA + PAGE_SIZE)) &
			  (PTE_W | PTE_D),
		  0);
	fixture_switch(child);
	EXPECT(poke(TEST_VA, 4));
	EXPECT_EQ(b->dirty_pages, 1);
	fixture_leave();
	aspace_put(as);
	aspace_put(child);
	EXPECT_EQ(cache_flush(b), 0);
	EXPECT_EQ(probe.last_written, 4);
	probe_stop();
}

/* msync writes for shared areas only, past holes, tells an error, and what failed is written the next time. */
static void test_sync(void)
{
	struct backing *b = probe_start(4);
	struct aspace *as = fixture_enter();
	uint32_t rw = VM_READ | VM_WRITE | VM_MAYWRITE, va = TEST_VA + 2 * PAGE_SIZE;

	EXPECT_EQ(aspace_map(as, TEST_VA, PAGE_SIZE, rw, MAP_HOW_FIXED, b, 0), TEST_VA);
	EXPECT_EQ(aspace_map(as, va, PAGE_SIZE, rw | VM_SHARED, MAP_HOW_FIXED, b, 0), (int32_t)va);
	EXPECT(poke(va, 8));
	EXPECT_EQ(aspace_sync(as, TEST_VA, TEST_VA + PAGE_SIZE, MS_SYNC), 0);
	EXPECT_EQ(aspace_sync(as, va, va + PAGE_SIZE, MS_ASYNC), 0);
	EXPECT_EQ(probe.writes, 0);
	EXPECT_EQ(aspace_sync(as, TEST_VA, va + PAGE_SIZE, MS_SYNC), -ENOMEM);
	EXPECT_EQ(probe.last_written, 8);
	probe.broken = true;
	EXPECT(poke(va, 9));
	EXPECT_EQ(aspace_sync(as, va, va + PAGE_SIZE, MS_SYNC), -EIO);
	probe.broken = false;
	EXPECT_EQ(aspace_sync(as, va, va + PAGE_SIZE, MS_SYNC), 0);
	EXPECT(probe.last_written == 9 && b->dirty_pages == 0);
	EXPECT_EQ(aspace_sync(as, va, va, MS_SYNC), 0);
	EXPECT_EQ(aspace_sync(as, va + PAGE_SIZE, va + 2 * PAGE_SIZE, MS_SYNC), -ENOMEM);
	fixture_leave();
	aspace_put(as);
	probe_stop();
}

static const struct selftest_case cases[] = {
	{"get", test_get},
	{"read_error", test_read_error},
	{"no_memory", test_no_memory},
	{"one_read", test_one_read},
	{"truncate", test_truncate},
	{"flush", test_flush},
	{"mapped", test_mapped},
	{"around", test_around},
	{"written_by_another", test_written_by_another},
	{"store_after_flush", test_store_after_flush},
	{"sync", test_sync},
	{NULL, NULL},
};

const struct selftest_suite selftest_cache = {"cache", cases};
