/*
 * test_pmm.c: frames: every one is handed out once, comes back, and knows how it is used.
 *
 * rows: A4 A51
 */

#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"
#include "mm/fail.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/pmm.h"
#include "tests/kernel/selftest.h"

/* A frame starts with one reference and is free again after the last is put. */
static void test_refs(void)
{
	uint32_t before = frame_free_count();
	struct frame *f = frame_alloc(0);

	EXPECT(f && f->refs == 1 && f->flags == 0);
	EXPECT_EQ(frame_free_count(), before - 1);
	frame_get(f);
	frame_put(f);
	EXPECT_EQ(frame_free_count(), before - 1);
	frame_put(f);
	EXPECT_EQ(frame_free_count(), before);
}

#define MANY 40u /* More than one batch. */

/* References to many frames go together: those that were the last free theirs, and no others. */
static void test_together(void)
{
	struct frame *f[MANY], *kept;
	uint32_t before;

	preempt_disable(); /* Nobody else takes or frees any. */
	before = frame_free_count();
	for (uint32_t i = 0; i < MANY; i++) {
		f[i] = frame_alloc(ALLOC_RESERVE);
		EXPECT(f[i]);
	}
	kept = f[MANY / 2];
	frame_get(kept);
	frames_put(f, MANY);
	EXPECT_EQ(frame_free_count(), before - 1);
	EXPECT_EQ(kept->refs, 1);
	frames_put(&kept, 1);
	EXPECT_EQ(frame_free_count(), before);
	EXPECT_EQ(pmm_check(), 0);
	preempt_enable();
}

/* Every free frame can be had, each once, until the reserve; all come back. */
static void test_exhaust(void)
{
	uint32_t before = frame_free_count(), taken = 0;
	struct list all = LIST_INIT(all);
	struct frame *f, *tmp;

	preempt_disable(); /* Pageout would go on freeing. */
	while ((f = frame_alloc(0)) != NULL) {
		EXPECT(f->index == 0 && !f->backing);
		f->index = ++taken; /* A frame handed out twice would show here. */
		list_add_tail(&all, &f->link);
	}
	EXPECT(taken > 0 && frame_free_count() <= pmm_watermarks.min + 1);
	preempt_enable();
	f = frame_alloc(ALLOC_RESERVE);
	EXPECT(f != NULL);
	if (f)
		frame_put(f);
	thread_current()->frees_memory = true;
	f = frame_alloc(0);
	thread_current()->frees_memory = false;
	EXPECT(f != NULL);
	if (f)
		frame_put(f);
	list_for_each_entry_safe(f, tmp, &all, link) {
		list_remove(&f->link);
		f->index = 0;
		frame_put(f);
	}
	EXPECT(frame_free_count() >= before); /* Pageout has freed what was cached. */
	EXPECT_EQ(pmm_check(), 0);
}

/* Contiguous blocks are aligned, whole, low when asked, and join again when freed. */
static void test_contig(void)
{
	uint32_t before = frame_free_count();

	for (uint32_t order = 0; order <= 6; order++) {
		struct frame *f = frame_alloc_contig(order, ALLOC_DMA);

		EXPECT(f != NULL);
		if (!f)
			continue;
		EXPECT_EQ(frame_pfn(f) & ((1u << order) - 1), 0);
		EXPECT(frame_pfn(f) + (1u << order) <= (16u << 20) >> PAGE_SHIFT);
		EXPECT_EQ(frame_free_count(), before - (1u << order));
		frame_free_contig(f);
	}
	EXPECT(frame_alloc_contig(PMM_MAX_ORDER + 1, 0) == NULL);
	EXPECT_EQ(frame_free_count(), before);
	EXPECT_EQ(pmm_check(), 0);
}

static bool is_zero(struct frame *f)
{
	uint32_t *w = kmap(f);

	for (uint32_t i = 0; i < PAGE_SIZE / 4; i++)
		if (w[i])
			return false;
	return true;
}

/* ALLOC_ZERO is zero, whether the frame came from the pool or was just used. */
static void test_zero(void)
{
	for (uint32_t i = 0; i < 600; i++) { /* More than the pool holds. */
		struct frame *f = frame_alloc(ALLOC_ZERO);

		EXPECT(f && is_zero(f));
		if (!f)
			return;
		memset(kmap(f), 0xFF, PAGE_SIZE);
		frame_put(f);
	}
}

/* Idle work fills the pool with frames that are zero, and stops. */
static void test_idle_pool(void)
{
	uint32_t before = frame_free_count(), rounds = 0;

	while (pmm_idle_work() && rounds < 10000)
		rounds++;
	EXPECT(rounds < 10000);
	EXPECT(frame_zeroed_count() > 0);
	EXPECT_EQ(frame_free_count(), before);
	EXPECT_EQ(pmm_check(), 0);
}

/* Firmware, modules, the kernel image and frames[] itself are never handed out (features A51). */
static void test_reserved(void)
{
	EXPECT(frame_is(frame_of_pfn(0), FRAME_RESERVED));
	EXPECT(frame_is(frame_of_pfn(KERNEL_PHYS >> PAGE_SHIFT), FRAME_RESERVED));
	EXPECT(frame_is(frame_of_va(frames), FRAME_RESERVED));
	for (uint32_t phys = 0xA0000; phys < 0x100000; phys += PAGE_SIZE)
		EXPECT(frame_is(frame_of_pfn(phys >> PAGE_SHIFT), FRAME_RESERVED));
}

/* The direct map is linear for the lowest and the highest frame (features A4). */
static void test_direct_map(void)
{
	uint32_t last = frame_count - 1;

	EXPECT_EQ(frame_pfn(frame_of_va(phys_to_virt(0x1000))), 1);
	EXPECT_EQ(frame_pfn(frame_of_va(kmap(frame_of_pfn(last)))), last);
	EXPECT_EQ(virt_to_phys(phys_to_virt(last << PAGE_SHIFT)), last << PAGE_SHIFT);
}

/* kmalloc: every size is usable to its end, aligned, distinct; all memory returns. */
static void test_kmalloc_sizes(void)
{
	static const size_t sizes[] = {1,    15,   16,	 17,   100,  512,
				       1344, 2032, 2033, 4096, 4097, 65536};
	void *p[ARRAY_SIZE(sizes)];
	uint32_t before;

	kmalloc_shrink();
	before = frame_free_count();
	for (uint32_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		p[i] = kmalloc(sizes[i]);
		EXPECT(p[i] && (uint32_t)p[i] % 16 == 0 && kmalloc_size(p[i]) >= sizes[i]);
		if (p[i])
			memset(p[i], (int)i, sizes[i]);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint8_t *b = p[i];

		EXPECT(b && b[0] == i && b[sizes[i] - 1] == i);
		kfree(p[i]);
	}
	EXPECT(kmalloc((size_t)64 << 20) == NULL);
	kmalloc_shrink();
	EXPECT_EQ(frame_free_count(), before);
	EXPECT_EQ(kmalloc_check(), 0);
}

/* Ten thousand small objects: no two alike, and slabs go back. */
static void test_kmalloc_many(void)
{
	void **last = NULL, **obj;
	uint32_t before, count = 0;

	kmalloc_shrink();
	before = frame_free_count();
	for (; count < 10000; count++) {
		obj = kmalloc(48);
		if (!obj)
			break;
		*obj = last; /* A chain through all of them: an object given twice would cut it. */
		last = obj;
	}
	EXPECT_EQ(count, 10000);
	while (last) {
		obj = *last;
		kfree(last);
		last = obj;
		count--;
	}
	EXPECT_EQ(count, 0);
	kmalloc_shrink();
	EXPECT_EQ(frame_free_count(), before);
}

/* Failure on demand hits the call it names and no other. */
static void test_fail_point(void)
{
	struct frame *f;

	EXPECT_EQ(fail_set("frame_alloc:2"), 0);
	f = frame_alloc(0);
	EXPECT(f != NULL);
	EXPECT(frame_alloc(0) == NULL);
	if (f)
		frame_put(f);
	f = frame_alloc(0);
	EXPECT(f != NULL);
	if (f)
		frame_put(f);
	EXPECT(fail_set("no_such_point:1") < 0 && fail_set("kmalloc:0") < 0 &&
	       fail_set("kmalloc") < 0);
	EXPECT_EQ(fail_set("off"), 0);
}

/* The empty slab that is kept for its room goes as soon as another has room. */
static void test_spare_slab(void)
{
	KMEM_CACHE_SIZED(cache, "test", 1008);
	void *obj[5];

	for (uint32_t i = 0; i < ARRAY_SIZE(obj); i++)
		EXPECT((obj[i] = kmem_cache_alloc(&cache)) != NULL);
	EXPECT_EQ(cache.per_slab, 4);
	kmem_cache_free(&cache, obj[4]);
	EXPECT_EQ(cache.slabs, 2);
	EXPECT((obj[4] = kmem_cache_alloc(&cache)) != NULL);
	kmem_cache_free(&cache, obj[4]);
	kmem_cache_free(&cache, obj[0]);
	EXPECT_EQ(cache.slabs, 1);
	for (uint32_t i = 1; i < 4; i++)
		kmem_cache_free(&cache, obj[i]);
	EXPECT(cache.slabs == 1 && cache.used == 0);
	kmalloc_shrink();
	EXPECT_EQ(cache.slabs, 0);
}

static const struct selftest_case cases[] = {
	{"refs", test_refs},
	{"together", test_together},
	{"exhaust", test_exhaust},
	{"contig", test_contig},
	{"zero", test_zero},
	{"idle_pool", test_idle_pool},
	{"reserved", test_reserved},
	{"direct_map", test_direct_map},
	{"kmalloc_sizes", test_kmalloc_sizes},
	{"kmalloc_many", test_kmalloc_many},
	{"fail_point", test_fail_point},
	{"spare_slab", test_spare_slab},
	{NULL, NULL},
};

const struct selftest_suite selftest_pmm = {"pmm", cases};
