/*
 * test_block.c: the request queue in front of a driver that only writes down what it was asked: the
 * elevator goes up and starts again below, nobody starves, neighbours are merged within the limits,
 * and an error reaches only the bio it belongs to.
 */

#include "drivers/block.h"
#include "kernel/abi/errno.h"
#include "kernel/sync/thread.h"
#include "mm/pmm.h"
#include "tests/kernel/selftest.h"

#define SECTORS 8u /* Of each bio: a page. */
#define BIOS 64u
#define NOTHING_BAD UINT64_MAX

static struct {
	uint64_t lba;
	uint32_t count;
	enum bio_op op;
} served[2 * BIOS];

static uint32_t served_count;
static uint64_t bad_sector;

static int write_down(struct block_queue *q, struct block_request *rq)
{
	(void)q;
	EXPECT(served_count < ARRAY_SIZE(served));
	served[served_count].lba = rq->lba;
	served[served_count].count = rq->count;
	served[served_count++].op = rq->op;
	return bad_sector >= rq->lba && bad_sector < rq->lba + rq->count ? -EIO : 0;
}

static const struct block_driver paper_driver = {.execute = write_down};
static struct blockdev disk = {
	.name = "paper",
	.sector_size = 512,
	.sectors = 1u << 20,
	.disk = &disk,
	.max_sectors = 256,
};

static struct bio bios[BIOS];
static struct frame *page;
static struct bio_seg seg;

/* Take the place of the driver of a real queue, which is idle, with the head at lba. */
static const struct block_driver *begin(uint64_t lba)
{
	struct blockdev *real = block_next(NULL);
	const struct block_driver *real_driver;

	page = real ? frame_alloc(0) : NULL;
	if (!page) {
		selftest_skip("no block device whose queue could be used");
		return NULL;
	}
	seg = (struct bio_seg){page, 0, PAGE_SIZE};
	bad_sector = NOTHING_BAD;
	served_count = 0;
	disk.queue = real->queue;
	disk.queue->head = lba;
	real_driver = disk.queue->driver;
	disk.queue->driver = &paper_driver;
	return real_driver;
}

static void end(const struct block_driver *real_driver)
{
	disk.queue->driver = real_driver;
	frame_put(page);
}

static void add(uint32_t i, enum bio_op op, uint64_t lba)
{
	bios[i] = (struct bio){.dev = &disk, .op = op, .lba = lba, .segs = &seg, .seg_count = 1};
	bio_submit(&bios[i]);
}

static void wait_all(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		bio_wait(&bios[i]);
}

static void elevator_goes_up_and_around(void)
{
	static const uint64_t asked[] = {100, 900, 600, 300}, order[] = {600, 900, 100, 300};
	const struct block_driver *real = begin(500);

	if (!real)
		return;
	preempt_disable();
	for (uint32_t i = 0; i < ARRAY_SIZE(asked); i++)
		add(i, BIO_READ, asked[i]);
	preempt_enable();
	wait_all(ARRAY_SIZE(asked));
	EXPECT_EQ(served_count, ARRAY_SIZE(order));
	for (uint32_t i = 0; i < ARRAY_SIZE(order); i++)
		EXPECT_EQ(served[i].lba, order[i]);
	end(real);
}

/* All but the first are ahead of the head, and would keep it waiting. */
static void nobody_starves(void)
{
	uint32_t at = 0;
	const struct block_driver *real = begin(100);

	if (!real)
		return;
	preempt_disable();
	add(0, BIO_READ, 0);
	for (uint32_t i = 1; i < BIOS; i++)
		add(i, BIO_READ, 100 + i * 2 * SECTORS);
	preempt_enable();
	wait_all(BIOS);
	while (at < served_count && served[at].lba != 0)
		at++;
	EXPECT(at > 0 && at < BIOS / 2 + 1);
	end(real);
}

static void neighbours_are_merged_up_to_the_limit(void)
{
	const struct block_driver *real = begin(0);

	if (!real)
		return;
	preempt_disable();
	for (uint32_t i = 40; i-- > 0;)
		add(i, BIO_WRITE, i * SECTORS);
	preempt_enable();
	wait_all(40);
	EXPECT_EQ(served_count, 2);
	EXPECT_EQ(served[0].count, 256);
	EXPECT_EQ(served[1].count, 64);
	end(real);
}

static void only_alike_is_merged(void)
{
	const struct block_driver *real = begin(0);

	if (!real)
		return;
	preempt_disable();
	add(0, BIO_WRITE, 0);
	add(1, BIO_READ, SECTORS);
	add(2, BIO_READ, 3 * SECTORS);
	preempt_enable();
	wait_all(3);
	EXPECT_EQ(served_count, 3);
	end(real);
}

static void error_reaches_its_bio_only(void)
{
	const struct block_driver *real = begin(0);

	if (!real)
		return;
	bad_sector = 2 * SECTORS + 3;
	preempt_disable();
	for (uint32_t i = 0; i < 4; i++)
		add(i, BIO_READ, i * SECTORS);
	preempt_enable();
	for (uint32_t i = 0; i < 4; i++)
		EXPECT_EQ(bio_wait(&bios[i]), i == 2 ? -EIO : 0);
	EXPECT_EQ(served_count, 5); /* Together, and then one by one. */
	end(real);
}

static void figures_add_up(void)
{
	struct block_stats before, after;
	const struct block_driver *real = begin(0);

	if (!real)
		return;
	block_stats_get(&disk, &before);
	preempt_disable();
	add(0, BIO_READ, SECTORS);
	add(1, BIO_READ, 2 * SECTORS);
	add(2, BIO_FLUSH, 0);
	block_stats_get(&disk, &after);
	preempt_enable();
	EXPECT_EQ(after.in_flight, 3);
	wait_all(3);
	block_stats_get(&disk, &after);
	EXPECT_EQ(after.in_flight, 0);
	EXPECT_EQ(after.done[BLOCK_STAT_READ].ios - before.done[BLOCK_STAT_READ].ios, 1);
	EXPECT_EQ(after.done[BLOCK_STAT_READ].merged - before.done[BLOCK_STAT_READ].merged, 1);
	EXPECT_EQ(after.done[BLOCK_STAT_READ].sectors - before.done[BLOCK_STAT_READ].sectors,
		  2 * SECTORS);
	EXPECT_EQ(after.done[BLOCK_STAT_FLUSH].ios - before.done[BLOCK_STAT_FLUSH].ios, 1);
	end(real);
}

static const struct selftest_case cases[] = {
	{"elevator_goes_up_and_around", elevator_goes_up_and_around},
	{"nobody_starves", nobody_starves},
	{"neighbours_are_merged_up_to_the_limit", neighbours_are_merged_up_to_the_limit},
	{"only_alike_is_merged", only_alike_is_merged},
	{"error_reaches_its_bio_only", error_reaches_its_bio_only},
	{"figures_add_up", figures_add_up},
	{NULL, NULL},
};

extern const struct selftest_suite selftest_block;
const struct selftest_suite selftest_block = {"block", cases};
