/*
 * block.c: the request queue: sorting, merging, serving. See block.h for the rules.
 *
 * A bio's life: bio_check, queue_add (sorted and by_age), queue_pick (off both lists into the
 * request), the driver, bio_end. At most one thread per queue is between queue_try_serve and the
 * end of queue_serve; it owns queue->request.
 */
#include "drivers/block.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"

#define KEY_UNIT_SHIFT 56 /* Above any sector number of 48 bits. */
#define STARVE_LIMIT 32u  /* Requests that may be served before an older bio. */
#define MAX_SECTORS_DEFAULT 256u

static struct thread *(*spawn_thread)(const char *name, void (*fn)(void *), void *arg);

/* ---- ending a bio ---- */

static const char *const op_names[] = {
	[BIO_READ] = "read",
	[BIO_WRITE] = "write",
	[BIO_FLUSH] = "flush",
	[BIO_REVALIDATE] = "check",
};

/* The bio is its owner's again; *q outlives it. */
static void bio_end(struct bio *bio, int error)
{
	struct block_queue *q = bio->dev->queue;

	bio->error = error;
	atomic_store(&bio->done, true);
	waitq_wake_all(&q->done);
}

/* The end of one that was in the queue. */
static void bio_finish(struct bio *bio, int error, bool merged)
{
	struct block_queue *q = bio->dev->queue;
	uint32_t flags = spin_lock_irq(&q->lock);

	block_stats_end(bio, merged);
	spin_unlock_irq(&q->lock, flags);
	bio_end(bio, error);
}

static void bio_log_error(const struct bio *bio, const struct block_request *rq, int error)
{
	if (error != -ENOMEDIUM)
		log("block: %s: %s of %u sectors at %llu failed: error %d (%s)\n", bio->dev->name,
		    op_names[bio->op], bio->count, bio->lba, error, rq->detail);
}

/* ---- the queue ---- */

static uint64_t bio_key(const struct bio *bio)
{
	return (uint64_t)bio->dev->unit << KEY_UNIT_SHIFT | (bio->dev->start + bio->lba);
}

/* From the tail, since most come in ascending order. */
static void queue_add_sorted(struct block_queue *q, struct bio *bio)
{
	struct list *pos = q->sorted.prev;

	while (pos != &q->sorted && list_entry(pos, struct bio, sorted_link)->key > bio->key)
		pos = pos->prev;
	list_insert_between(&bio->sorted_link, pos, pos->next);
}

/* Returns true when nobody serves the queue now. */
static bool queue_add(struct block_queue *q, struct bio *bio)
{
	uint32_t flags = spin_lock_irq(&q->lock);
	bool idle = !q->serving;

	bio->key = bio_key(bio);
	bio->ticket = q->served;
	block_stats_start(bio);
	queue_add_sorted(q, bio);
	list_add_tail(&q->by_age, &bio->age_link);
	spin_unlock_irq(&q->lock, flags);
	return idle;
}

/* Become the one who runs the driver, if there is work and nobody else does. */
static bool queue_try_serve(struct block_queue *q)
{
	uint32_t flags = spin_lock_irq(&q->lock);
	bool ours = !q->serving && !list_empty(&q->by_age);

	if (ours)
		q->serving = true;
	spin_unlock_irq(&q->lock, flags);
	return ours;
}

/* One-way elevator: the lowest key not below the head, or back to the lowest; a bio that was passed
 * too often goes first. */
static struct bio *queue_first(struct block_queue *q)
{
	struct bio *oldest = list_first(&q->by_age, struct bio, age_link);
	struct bio *bio;

	if (q->served - oldest->ticket >= STARVE_LIMIT)
		return oldest;
	list_for_each_entry(bio, &q->sorted, sorted_link)
		if (bio->key >= q->head)
			return bio;
	return list_first(&q->sorted, struct bio, sorted_link);
}

static uint32_t request_max_sectors(const struct block_request *rq)
{
	return rq->disk->max_sectors ? rq->disk->max_sectors : MAX_SECTORS_DEFAULT;
}

static void request_start(struct block_request *rq, const struct bio *bio)
{
	rq->disk = bio->dev->disk;
	rq->op = bio->op;
	rq->lba = bio->dev->start + bio->lba;
	rq->count = 0;
	rq->seg_count = 0;
	rq->detail[0] = '\0';
}

static void request_append(struct block_request *rq, const struct bio *bio)
{
	if (bio->seg_count > 0)
		memcpy(rq->segs + rq->seg_count, bio->segs, bio->seg_count * sizeof(*bio->segs));
	rq->seg_count += bio->seg_count;
	rq->count += bio->count;
}

static bool request_can_append(const struct block_request *rq, const struct bio *bio)
{
	return bio->op == rq->op && bio->count > 0 && bio->dev->disk == rq->disk &&
	       bio->dev->start + bio->lba == rq->lba + rq->count &&
	       rq->count + bio->count <= request_max_sectors(rq) &&
	       rq->seg_count + bio->seg_count <= REQUEST_SEGS_MAX;
}

static void queue_take(struct block_queue *q, struct bio *bio, struct list *batch)
{
	request_append(&q->request, bio);
	list_remove(&bio->sorted_link);
	list_remove(&bio->age_link);
	list_add_tail(batch, &bio->sorted_link);
}

/* Move the next bio and the neighbours above it to batch and into the request. False: none left. */
static bool queue_pick(struct block_queue *q, struct list *batch)
{
	uint32_t flags = spin_lock_irq(&q->lock);
	struct list *next;
	struct bio *bio;

	if (list_empty(&q->by_age)) {
		spin_unlock_irq(&q->lock, flags);
		return false;
	}
	bio = queue_first(q);
	request_start(&q->request, bio);
	do {
		next = bio->sorted_link.next;
		queue_take(q, bio, batch);
		bio = list_entry(next, struct bio, sorted_link);
	} while (next != &q->sorted && request_can_append(&q->request, bio));
	q->served++;
	if (q->request.count > 0) /* A flush leaves the elevator where it is. */
		q->head = (uint64_t)q->request.disk->unit << KEY_UNIT_SHIFT |
			  (q->request.lba + q->request.count);
	spin_unlock_irq(&q->lock, flags);
	return true;
}

static void batch_end_alone(struct block_queue *q, struct bio *bio)
{
	int error;

	request_start(&q->request, bio);
	request_append(&q->request, bio);
	error = q->driver->execute(q, &q->request);
	if (error)
		bio_log_error(bio, &q->request, error);
	bio_finish(bio, error, false);
}

static void batch_execute(struct block_queue *q, struct list *batch)
{
	struct bio *bio, *first = list_first(batch, struct bio, sorted_link);
	bool merged = first->sorted_link.next != batch;
	int error = q->driver->execute(q, &q->request);

	while (!list_empty(batch)) {
		bio = list_first(batch, struct bio, sorted_link);
		list_remove(&bio->sorted_link);
		if (error && merged) {
			batch_end_alone(q, bio);
			continue;
		}
		if (error)
			bio_log_error(bio, &q->request, error);
		bio_finish(bio, error, bio != first);
	}
}

/* Run the driver until the queue is empty, or until (if given) has ended. */
static void queue_serve(struct block_queue *q, const struct bio *until)
{
	struct list batch = LIST_INIT(batch);
	uint32_t flags;
	bool more;

	while (!(until && atomic_load(&until->done)) && queue_pick(q, &batch))
		batch_execute(q, &batch);
	flags = spin_lock_irq(&q->lock);
	q->serving = false;
	more = !list_empty(&q->by_age);
	spin_unlock_irq(&q->lock, flags);
	if (more)
		waitq_wake_one(&q->work);
}

static void queue_thread(void *arg)
{
	struct block_queue *q = arg;

	for (;;) {
		waitq_wait_event(&q->work, queue_try_serve(q), 0);
		queue_serve(q, NULL);
	}
}

int block_queue_init(struct block_queue *q, const char *name, const struct block_driver *driver)
{
	q->name = name;
	q->driver = driver;
	spin_init(&q->lock, name, RANK_LEAF);
	list_init(&q->sorted);
	list_init(&q->by_age);
	waitq_init(&q->done);
	waitq_init(&q->work);
	return spawn_thread(name, queue_thread, q) ? 0 : -ENOMEM;
}

/* ---- submitting ---- */

/* Bytes of the segments; 0 when one of them is malformed or there are too many. */
static uint32_t bio_bytes(const struct bio *bio)
{
	uint32_t sum = 0;

	if (bio->seg_count > BIO_SEGS_MAX)
		return 0;
	for (uint32_t i = 0; i < bio->seg_count; i++) {
		const struct bio_seg *seg = &bio->segs[i];

		if (seg->len == 0 || (seg->len | seg->offset) & 1 || seg->offset >= PAGE_SIZE ||
		    seg->len > PAGE_SIZE - seg->offset)
			return 0;
		sum += seg->len;
	}
	return sum <= BIO_BYTES_MAX ? sum : 0;
}

static int bio_check_range(const struct bio *bio)
{
	const struct blockdev *dev = bio->dev;

	if (dev->disk->sectors == 0)
		return -ENOMEDIUM;
	if (bio->op == BIO_WRITE && dev->read_only)
		return -EROFS;
	if (bio->count > dev->sectors || bio->lba > dev->sectors - bio->count)
		return -EIO;
	return 0;
}

/* Fill in what the queue needs; 0 or the bio's result. */
static int bio_prepare(struct bio *bio)
{
	uint32_t bytes;

	bio->done = false;
	bio->count = 0;
	if (bio->op == BIO_FLUSH || bio->op == BIO_REVALIDATE) {
		bio->lba = 0;
		bio->seg_count = 0;
		return 0;
	}
	bytes = bio_bytes(bio);
	if (bytes == 0 || bytes % bio->dev->sector_size != 0)
		return -EINVAL;
	bio->count = bytes / bio->dev->sector_size;
	return bio_check_range(bio);
}

void bio_submit(struct bio *bio)
{
	struct block_queue *q = bio->dev->queue;
	int error = bio_prepare(bio);

	if (error)
		bio_end(bio, error);
	else if (queue_add(q, bio))
		waitq_wake_one(&q->work);
}

int bio_wait(struct bio *bio)
{
	waitq_wait_event(&bio->dev->queue->done, atomic_load(&bio->done), 0);
	return bio->error;
}

int bio_run(struct bio *bio)
{
	struct block_queue *q = bio->dev->queue;
	int error = bio_prepare(bio);

	might_sleep();
	if (error)
		return error;
	queue_add(q, bio);
	if (queue_try_serve(q))
		queue_serve(q, bio);
	return bio_wait(bio);
}

int block_io(struct blockdev *dev, enum bio_op op, uint64_t lba, const struct bio_seg *segs,
	     uint32_t seg_count)
{
	struct bio bio = {.dev = dev, .op = op, .lba = lba, .segs = segs, .seg_count = seg_count};

	return bio_run(&bio);
}

int block_flush(struct blockdev *dev)
{
	return block_io(dev, BIO_FLUSH, 0, NULL, 0);
}

void block_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg))
{
	spawn_thread = spawn;
}
