/*
 * test_ide.c: the disks: DMA and PIO read the same bytes, pieces of memory may lie anywhere,
 * neighbours are merged, bad requests end with an error, absent drives and empty ones do not hang.
 *
 * The CD the kernel was booted from is only read. A disk hda is written near its end and put back
 * as it was; without one those cases are skipped.
 */

#include "arch/x86/clock.h"
#include "drivers/block.h"
#include "drivers/ide.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "mm/kmap.h"
#include "mm/pmm.h"
#include "tests/kernel/selftest.h"

#define PAGES 16u
#define WHOLE_SECONDS(ns) ((ns) / NSEC_PER_SEC)

static const char *const drive_names[] = {"hda", "hdb", "hdc", "hdd"};

/* Frames to read into, every second one of those the allocator gave, so that they are not
 * neighbours. */
struct buffer {
	struct frame *frames[PAGES];
	struct bio_seg segs[PAGES];
};

static struct buffer one, two;

static bool buffer_alloc(struct buffer *b)
{
	struct frame *gaps[PAGES] = {NULL};
	bool ok = true;

	for (uint32_t i = 0; i < PAGES; i++) {
		b->frames[i] = frame_alloc(ALLOC_ZERO);
		gaps[i] = frame_alloc(0);
		b->segs[i] = (struct bio_seg){b->frames[i], 0, PAGE_SIZE};
		ok = ok && b->frames[i] && gaps[i];
	}
	for (uint32_t i = 0; i < PAGES; i++)
		if (gaps[i])
			frame_put(gaps[i]);
	EXPECT(ok);
	return ok;
}

static void buffer_free(struct buffer *b)
{
	for (uint32_t i = 0; i < PAGES; i++)
		if (b->frames[i])
			frame_put(b->frames[i]);
}

static void buffer_fill(struct buffer *b, uint32_t seed)
{
	for (uint32_t i = 0; i < PAGES; i++) {
		uint32_t *words = kmap(b->frames[i]);

		for (uint32_t k = 0; k < PAGE_SIZE / 4; k++)
			words[k] = (seed + i * PAGE_SIZE + k) * 2654435761u;
		kunmap(b->frames[i], words);
	}
}

static bool buffer_equal(struct buffer *a, struct buffer *b)
{
	for (uint32_t i = 0; i < PAGES; i++)
		if (memcmp(kmap(a->frames[i]), kmap(b->frames[i]), PAGE_SIZE) != 0)
			return false;
	return true;
}

static bool buffer_is_zero(struct buffer *b)
{
	for (uint32_t i = 0; i < PAGES; i++) {
		const uint32_t *words = kmap(b->frames[i]);

		for (uint32_t k = 0; k < PAGE_SIZE / 4; k++)
			if (words[k])
				return false;
	}
	return true;
}

static uint32_t buffer_sectors(const struct blockdev *dev)
{
	return PAGES * PAGE_SIZE / dev->sector_size;
}

static int buffer_io(struct buffer *b, struct blockdev *dev, enum bio_op op, uint64_t lba)
{
	return block_io(dev, op, lba, b->segs, PAGES);
}

/* A CD with a medium, or NULL and the case is skipped. */
static struct blockdev *cd(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(drive_names); i++) {
		struct blockdev *dev = block_find(drive_names[i]);

		if (dev && dev->sector_size == 2048 && dev->sectors >= 2 * buffer_sectors(dev))
			return dev;
	}
	selftest_skip("no CD");
	return NULL;
}

static struct blockdev *disk(void)
{
	struct blockdev *dev = block_find("hda");

	if (dev && dev->sector_size == 512 && dev->sectors >= 4 * buffer_sectors(dev))
		return dev;
	selftest_skip("no disk hda of 256 KiB or more");
	return NULL;
}

/* ---- reading ---- */

static void dma_equals_pio_at(struct blockdev *dev, uint64_t lba)
{
	bool dma = ide_set_dma(dev, true);

	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, lba), 0);
	ide_set_dma(dev, false);
	EXPECT_EQ(buffer_io(&two, dev, BIO_READ, lba), 0);
	ide_set_dma(dev, dma);
	EXPECT(buffer_equal(&one, &two));
}

static void dma_equals_pio(void)
{
	struct blockdev *dev = cd();

	if (!dev || !buffer_alloc(&one))
		return;
	if (buffer_alloc(&two)) {
		/* The volume descriptor of the CD is at sector 16: not all of this is zero. */
		dma_equals_pio_at(dev, 0);
		EXPECT(!buffer_is_zero(&one));
		dma_equals_pio_at(dev, 16);
		dma_equals_pio_at(dev, dev->sectors - buffer_sectors(dev));
		buffer_free(&two);
	}
	buffer_free(&one);
}

/* One read in pieces that end in the middle of sectors and pages. */
static void scatter_gather_at(struct blockdev *dev, uint64_t lba)
{
	struct bio_seg pieces[6] = {
		{two.frames[0], 0, 4094}, {two.frames[1], 4094, 2}, {two.frames[2], 100, 1000},
		{two.frames[3], 0, 3096}, {two.frames[4], 2, 4094}, {two.frames[5], 4094, 2},
	};
	struct bio_seg straight[3] = {one.segs[0], one.segs[1], one.segs[2]};
	uint8_t *expected[3];
	uint32_t at = 0;

	EXPECT_EQ(block_io(dev, BIO_READ, lba, straight, 3), 0);
	EXPECT_EQ(block_io(dev, BIO_READ, lba, pieces, 6), 0);
	for (uint32_t i = 0; i < 3; i++)
		expected[i] = kmap(one.frames[i]);
	for (uint32_t i = 0; i < 6; i++) {
		const uint8_t *got = (uint8_t *)kmap(pieces[i].frame) + pieces[i].offset;

		for (uint32_t k = 0; k < pieces[i].len; k++, at++)
			if (got[k] != expected[at / PAGE_SIZE][at % PAGE_SIZE]) {
				EXPECT_EQ(at, UINT32_MAX);
				return;
			}
	}
	EXPECT_EQ(at, 3 * PAGE_SIZE);
}

static void scatter_gather(void)
{
	struct blockdev *dev = cd();
	bool dma;

	if (!dev || !buffer_alloc(&one))
		return;
	if (buffer_alloc(&two)) {
		scatter_gather_at(dev, 16);
		dma = ide_set_dma(dev, false);
		scatter_gather_at(dev, 16);
		ide_set_dma(dev, dma);
		buffer_free(&two);
	}
	buffer_free(&one);
}

/* Neighbours that wait together are one request, and each gets its own bytes. */
static void merging(void)
{
	struct blockdev *dev = cd();
	static struct bio bios[PAGES];
	uint64_t merged, served;

	if (!dev || !buffer_alloc(&one))
		return;
	if (!buffer_alloc(&two)) {
		buffer_free(&one);
		return;
	}
	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, 16), 0);
	merged = dev->stats.done[BLOCK_STAT_READ].merged;
	served = dev->queue->served;
	preempt_disable();
	for (uint32_t i = PAGES; i-- > 0;) { /* Backwards: sorting is the queue's work. */
		bios[i] = (struct bio){
			.dev = dev,
			.op = BIO_READ,
			.lba = 16 + i * 2,
			.segs = &two.segs[i],
			.seg_count = 1,
		};
		bio_submit(&bios[i]);
	}
	preempt_enable();
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT_EQ(bio_wait(&bios[i]), 0);
	EXPECT_EQ(dev->stats.done[BLOCK_STAT_READ].merged - merged, PAGES - 1);
	EXPECT_EQ(dev->queue->served - served, 1);
	EXPECT(buffer_equal(&one, &two));
	buffer_free(&two);
	buffer_free(&one);
}

/* The page cache of the device shows the same bytes. */
static void cached_page(void)
{
	struct blockdev *dev = cd();
	uint32_t index;
	struct frame *f;

	if (!dev || !buffer_alloc(&one))
		return;
	index = (uint32_t)(dev->sectors / 2) - 1;
	EXPECT_EQ(block_io(dev, BIO_READ, (uint64_t)index * 2, one.segs, 1), 0);
	EXPECT_EQ(cache_get(&dev->backing, index, &f), 0);
	EXPECT(memcmp(kmap(f), kmap(one.frames[0]), PAGE_SIZE) == 0);
	frame_put(f);
	EXPECT_EQ(cache_get(&dev->backing, dev->backing.size_pages, &f), -ENXIO);
	cache_truncate(&dev->backing, index);
	buffer_free(&one);
}

/* ---- several at once ---- */

#define READERS 4u
#define READS_EACH 24u

static struct {
	struct blockdev *dev;
	uint32_t running, wrong;
	struct waitq done;
} readers;

static void reader(void *arg)
{
	uint32_t n = (uint32_t)arg, span = buffer_sectors(readers.dev);
	struct frame *f = frame_alloc(0);
	struct bio_seg seg = {f, 0, readers.dev->sector_size};

	for (uint32_t i = 0; f && i < READS_EACH; i++) {
		uint32_t at = (i * 7 + n * 5) % span, byte = at * readers.dev->sector_size;

		if (block_io(readers.dev, BIO_READ, at, &seg, 1) ||
		    memcmp(kmap(f),
			   (uint8_t *)kmap(one.frames[byte / PAGE_SIZE]) + byte % PAGE_SIZE,
			   seg.len) != 0)
			atomic_inc(&readers.wrong);
	}
	if (f)
		frame_put(f);
	else
		atomic_inc(&readers.wrong);
	atomic_dec(&readers.running);
	waitq_wake_all(&readers.done);
}

static void parallel_readers(void)
{
	struct blockdev *dev = cd();

	if (!dev || !buffer_alloc(&one))
		return;
	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, 0), 0);
	readers.dev = dev;
	readers.running = READERS;
	readers.wrong = 0;
	waitq_init(&readers.done);
	for (uint32_t i = 0; i < READERS; i++)
		if (!kthread_create("reader", reader, (void *)i)) {
			atomic_dec(&readers.running);
			EXPECT(!"a thread for each reader");
		}
	waitq_wait_event(&readers.done, atomic_load(&readers.running) == 0, 0);
	EXPECT_EQ(readers.wrong, 0);
	buffer_free(&one);
}

/* ---- what must not work ---- */

static void bad_ranges(void)
{
	struct blockdev *dev = cd();
	uint32_t n;

	if (!dev || !buffer_alloc(&one))
		return;
	n = buffer_sectors(dev);
	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, dev->sectors), -EIO);
	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, dev->sectors - n + 1), -EIO);
	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, UINT64_MAX), -EIO);
	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, UINT64_MAX - n + 1), -EIO);
	EXPECT_EQ(buffer_io(&one, dev, BIO_READ, dev->sectors - n), 0);
	EXPECT_EQ(buffer_io(&one, dev, BIO_WRITE, 0), -EROFS);
	buffer_free(&one);
}

static void bad_pieces(void)
{
	struct blockdev *dev = cd();
	struct bio_seg bad[] = {
		{NULL, 0, 0},	    {NULL, 0, 1024},	{NULL, 1, 2048},
		{NULL, 4096, 2048}, {NULL, 2050, 2048},
	};

	if (!dev || !buffer_alloc(&one))
		return;
	EXPECT_EQ(block_io(dev, BIO_READ, 0, one.segs, 0), -EINVAL);
	EXPECT_EQ(block_io(dev, BIO_READ, 0, one.segs, BIO_SEGS_MAX + 1), -EINVAL);
	for (uint32_t i = 0; i < ARRAY_SIZE(bad); i++) {
		bad[i].frame = one.frames[0];
		EXPECT_EQ(block_io(dev, BIO_READ, 0, &bad[i], 1), -EINVAL);
	}
	buffer_free(&one);
}

/* Every drive answers within seconds, whether it has a medium, is empty or is not there. */
static void drives_answer(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(drive_names); i++) {
		struct blockdev *dev = block_find(drive_names[i]);
		uint64_t start = clock_now();
		struct frame *f = frame_alloc(0);
		struct bio_seg seg = {f, 0, dev ? dev->sector_size : 0};
		int err, expected;

		if (!f)
			return;
		if (dev) {
			err = block_revalidate(dev);
			expected = dev->sectors ? 0 : -ENOMEDIUM;
			EXPECT_EQ(err, expected);
			EXPECT_EQ(block_io(dev, BIO_READ, 0, &seg, 1), expected);
		}
		EXPECT(WHOLE_SECONDS(clock_now() - start) < 10);
		frame_put(f);
	}
	EXPECT(!block_find("hde"));
	EXPECT(!block_find_number(BLOCK_IDE0_MAJOR, 128));
}

/* ---- writing ---- */

/* Write with one way of transfer, read back with the other. */
static void write_read(struct blockdev *dev, uint64_t lba, bool write_dma, uint32_t seed)
{
	bool dma = ide_set_dma(dev, write_dma);

	buffer_fill(&one, seed);
	EXPECT_EQ(buffer_io(&one, dev, BIO_WRITE, lba), 0);
	EXPECT_EQ(block_flush(dev), 0);
	ide_set_dma(dev, !write_dma);
	EXPECT_EQ(buffer_io(&two, dev, BIO_READ, lba), 0);
	EXPECT(buffer_equal(&one, &two));
	ide_set_dma(dev, dma);
}

static void disk_write(void)
{
	struct blockdev *dev = disk();
	static struct buffer saved;
	uint64_t lba;

	if (!dev || !buffer_alloc(&one))
		return;
	if (buffer_alloc(&two) && buffer_alloc(&saved)) {
		lba = dev->sectors - buffer_sectors(dev);
		EXPECT_EQ(buffer_io(&saved, dev, BIO_READ, lba), 0);
		write_read(dev, lba, true, 1);
		write_read(dev, lba, false, 2);
		EXPECT_EQ(buffer_io(&saved, dev, BIO_WRITE, lba), 0);
		EXPECT_EQ(buffer_io(&two, dev, BIO_READ, lba), 0);
		EXPECT(buffer_equal(&saved, &two));
		EXPECT_EQ(buffer_io(&two, dev, BIO_WRITE, dev->sectors - 1), -EIO);
		buffer_free(&saved);
	}
	buffer_free(&two);
	buffer_free(&one);
}

static const struct selftest_case cases[] = {
	{"dma_equals_pio", dma_equals_pio},
	{"scatter_gather", scatter_gather},
	{"merging", merging},
	{"cached_page", cached_page},
	{"parallel_readers", parallel_readers},
	{"bad_ranges", bad_ranges},
	{"bad_pieces", bad_pieces},
	{"drives_answer", drives_answer},
	{"disk_write", disk_write},
	{NULL, NULL},
};

extern const struct selftest_suite selftest_ide;
const struct selftest_suite selftest_ide = {"ide", cases};
