/* block_stats.c: counting what block devices do. See block_stats.h. */
#include "arch/x86/clock.h"
#include "drivers/block.h"

#define STAT_SECTOR 512u

/* Time goes on to now for those in flight. */
static void advance(struct block_stats *s, uint64_t now)
{
	if (s->in_flight > 0) {
		s->busy_ns += now - s->updated;
		s->weighted_ns += (now - s->updated) * s->in_flight;
	}
	s->updated = now;
}

static void count_start(struct block_stats *s, uint64_t now)
{
	advance(s, now);
	s->in_flight++;
}

static void count_end(struct block_stats *s, const struct bio *bio, bool merged, uint64_t now)
{
	static const enum block_stat_kind kinds[] = {
		[BIO_READ] = BLOCK_STAT_READ,
		[BIO_WRITE] = BLOCK_STAT_WRITE,
		[BIO_FLUSH] = BLOCK_STAT_FLUSH,
	};
	enum block_stat_kind kind = kinds[bio->op];

	advance(s, now);
	s->in_flight--;
	s->done[kind].ios += !merged;
	s->done[kind].merged += merged;
	s->done[kind].sectors += (uint64_t)bio->count * (bio->dev->sector_size / STAT_SECTOR);
	s->done[kind].ns += now - bio->submitted;
}

void block_stats_start(struct bio *bio)
{
	bio->submitted = clock_now();
	if (bio->op == BIO_REVALIDATE)
		return;
	count_start(&bio->dev->stats, bio->submitted);
	if (bio->dev->disk != bio->dev)
		count_start(&bio->dev->disk->stats, bio->submitted);
}

void block_stats_end(struct bio *bio, bool merged)
{
	uint64_t now = clock_now();

	if (bio->op == BIO_REVALIDATE)
		return;
	count_end(&bio->dev->stats, bio, merged, now);
	if (bio->dev->disk != bio->dev)
		count_end(&bio->dev->disk->stats, bio, merged, now);
}

void block_stats_get(struct blockdev *dev, struct block_stats *out)
{
	uint32_t flags = spin_lock_irq(&dev->queue->lock);

	advance(&dev->stats, clock_now());
	*out = dev->stats;
	spin_unlock_irq(&dev->queue->lock, flags);
}
