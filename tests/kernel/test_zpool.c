/*
 * test_zpool.c: the compressed pool over a store in memory that counts what reaches it.
 *
 * The slots are in use because the test holds each as swap_alloc() gave it out; no frame is in the swap cache.
 *
 * rows: A48
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"
#include "kernel/lib/xorshift.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/pmm.h"
#include "mm/swap.h"
#include "mm/zpool.h"
#include "tests/kernel/selftest.h"

#define SLOTS 256u

static char *disk[SLOTS]; /* Pages as they were written; NULL: never. */
static uint32_t swp[SLOTS];
static uint32_t written;
static bool broken; /* The disk takes nothing. */
static struct frame *page;

static int disk_io(struct swap_store *s, bool write, uint32_t slot, struct frame *const *f,
		   uint32_t n)
{
	(void)s;
	if (broken)
		return -EIO;
	for (uint32_t i = 0; i < n; i++) {
		char **place = &disk[slot + i];

		if (write && !*place)
			*place = kmalloc(PAGE_SIZE);
		if (!*place)
			return -EIO;
		memcpy(write ? *place : kmap(f[i]), write ? kmap(f[i]) : *place, PAGE_SIZE);
	}
	written += write ? n : 0;
	return 0;
}

/* A page that compresses well, not at all, or to a word; different for each tag. */
enum kind { TEXT, NOISE, FILLED };

static void make_page(enum kind kind, uint32_t tag)
{
	uint32_t *va = kmap(page), x = tag * 2654435761u + 1;

	for (uint32_t i = 0; i < PAGE_SIZE / sizeof(*va); i++) {
		xorshift32(&x);
		va[i] = kind == NOISE ? x : kind == FILLED ? tag : i % 16 ? tag + i / 64 : x;
	}
}

static bool is_page(enum kind kind, uint32_t tag)
{
	struct frame *mine = page, *other = frame_alloc(0);
	bool same;

	page = other;
	make_page(kind, tag);
	page = mine;
	same = memcmp(kmap(mine), kmap(other), PAGE_SIZE) == 0;
	frame_put(other);
	return same;
}

static int type;
static struct swap_store store = {.io = disk_io, .name = "test"};

static void begin(void)
{
	vm_zpool = 1;
	written = 0;
	broken = false;
	page = frame_alloc(0);
	type = swap_add(&store, SLOTS, 100, NULL, 0);
	EXPECT(type >= 0);
	for (uint32_t i = 1; i < SLOTS; i++)
		swp[i] = swap_alloc();
}

static void end(void)
{
	for (uint32_t i = 1; i < SLOTS; i++)
		swap_put(swp[i]);
	EXPECT_EQ(zpool_pages(), 0);
	EXPECT_EQ(zpool_frames(), 0);
	EXPECT_EQ(swap_remove((uint32_t)type), 0);
	for (uint32_t i = 0; i < SLOTS; i++) {
		kfree(disk[i]);
		disk[i] = NULL;
	}
	frame_put(page);
	EXPECT_EQ(vm_check(), 0);
	kmalloc_shrink();
	vm_zpool = 0;
}

/* Write the page to its slot; and does it come back? */
static int put(uint32_t i, enum kind kind)
{
	make_page(kind, i);
	return swap_io(swp[i], true, &page, 1);
}

static bool get(uint32_t i, enum kind kind)
{
	memset(kmap(page), 0xEE, PAGE_SIZE);
	return swap_io(swp[i], false, &page, 1) == 0 && is_page(kind, i);
}

/* Rows: A48. */
static void compresses(void)
{
	begin();
	for (uint32_t i = 1; i < 64; i++)
		EXPECT_EQ(put(i, TEXT), 0);
	EXPECT_EQ(written, 0);
	EXPECT_EQ(zpool_pages(), 63);
	EXPECT(zpool_frames() <= 32);
	EXPECT_EQ(zpool_check(true), 0);
	for (uint32_t i = 1; i < 64; i++)
		EXPECT(get(i, TEXT));
	end();
}

static void keeps_a_filled_page_as_a_word(void)
{
	begin();
	for (uint32_t i = 1; i < 64; i++)
		EXPECT_EQ(put(i, FILLED), 0);
	EXPECT_EQ(written, 0);
	EXPECT_EQ(zpool_frames(), 0);
	for (uint32_t i = 1; i < 64; i++)
		EXPECT(get(i, FILLED));
	end();
}

static void leaves_noise_to_the_disk(void)
{
	begin();
	for (uint32_t i = 1; i < 64; i++)
		EXPECT_EQ(put(i, i % 2 ? NOISE : TEXT), 0);
	EXPECT_EQ(written, 32);
	EXPECT_EQ(zpool_pages(), 31);
	for (uint32_t i = 1; i < 64; i++)
		EXPECT(get(i, i % 2 ? NOISE : TEXT));
	end();
}

/* What is stored last counts, wherever it was before. */
static void forgets_the_older_page(void)
{
	const enum kind order[] = {TEXT, NOISE, FILLED, TEXT, NOISE};

	begin();
	for (uint32_t i = 0; i < ARRAY_SIZE(order); i++) {
		EXPECT_EQ(put(1, order[i]), 0);
		EXPECT(get(1, order[i]));
	}
	vm_zpool = 0; /* Off: what is in it is still found, and replaced on the disk. */
	EXPECT_EQ(put(2, TEXT), 0);
	EXPECT_EQ(written, 3);
	EXPECT(get(2, TEXT));
	end();
}

static void writes_its_oldest_to_the_disk(void)
{
	uint32_t percent = vm_zpool_max_percent, total = frame_total_count();

	begin();
	vm_zpool_max_percent = 1;
	for (uint32_t i = 1; i < SLOTS && zpool_frames() < total / 100; i++)
		EXPECT_EQ(put(i, TEXT), 0);
	vm_zpool_max_percent = 0;
	EXPECT_EQ(put(SLOTS - 1, TEXT), 0);
	EXPECT(zpool_pages() == 0);
	for (uint32_t i = 1; i < SLOTS && disk[i]; i++)
		EXPECT(get(i, TEXT));
	EXPECT(get(SLOTS - 1, TEXT));
	vm_zpool_max_percent = percent;
	end();
}

/* What cannot go to the disk stays; the newcomer is refused, and told so by the disk. */
static void keeps_what_the_disk_does_not_take(void)
{
	uint32_t percent = vm_zpool_max_percent;

	begin();
	for (uint32_t i = 1; i < 64; i++)
		EXPECT_EQ(put(i, TEXT), 0);
	broken = true;
	vm_zpool_max_percent = 0;
	EXPECT_EQ(put(64, TEXT), -EIO);
	EXPECT_EQ(zpool_pages(), 63);
	for (uint32_t i = 1; i < 64; i++)
		EXPECT(get(i, TEXT));
	vm_zpool_max_percent = percent;
	end();
}

/* Without memory pages go to the disk; none is lost. */
static void survives_want_of_memory(void)
{
	static const char *const points[] = {"frame_alloc:", "kmalloc:"};
	char what[32];

	begin();
	for (uint32_t i = 0; i < 16; i++)
		disk[i] = kmalloc(PAGE_SIZE);
	for (uint32_t p = 0; p < ARRAY_SIZE(points); p++) {
		for (uint32_t n = 1; n < 5; n++) {
			uint32_t i = p * 5 + n;

			snprintf(what, sizeof(what), "%s%u", points[p], n);
			make_page(TEXT, i);
			EXPECT_EQ(fail_set(what), 0);
			EXPECT_EQ(swap_io(swp[i], true, &page, 1), 0);
			EXPECT_EQ(fail_set("off"), 0);
			EXPECT(get(i, TEXT));
			EXPECT_EQ(zpool_check(true), 0);
		}
	}
	end();
}

static const struct selftest_case cases[] = {
	{"compresses", compresses},
	{"keeps_a_filled_page_as_a_word", keeps_a_filled_page_as_a_word},
	{"leaves_noise_to_the_disk", leaves_noise_to_the_disk},
	{"forgets_the_older_page", forgets_the_older_page},
	{"writes_its_oldest_to_the_disk", writes_its_oldest_to_the_disk},
	{"keeps_what_the_disk_does_not_take", keeps_what_the_disk_does_not_take},
	{"survives_want_of_memory", survives_want_of_memory},
	{NULL, NULL},
};

extern const struct selftest_suite selftest_zpool;
const struct selftest_suite selftest_zpool = {"zpool", cases};
