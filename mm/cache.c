/*
 * cache.c: the page cache: which pages of a backing are resident, and bringing them in.
 *
 * cache_get() is the same five steps for a file, shared anonymous memory and a disk's metadata:
 * look; else make a frame; enter it BUSY; fill it; let go. Whoever loses the race to enter, or finds
 * the frame BUSY, waits for the winner and looks again.
 *
 * Locks: backing->lock guards the index and a frame's membership (backing, index fields change under
 * it with the frame BUSY). Nothing sleeps under it.
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/fail.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/map.h"
#include "mm/oom.h"
#include "mm/pmm.h"
#include "mm/shm.h"
#include "mm/vmstat.h"

#define SHRINK_BATCH 64

/* Atomic: frames in all caches; of those with a store, the dirty ones, and those being written. */
static uint32_t cached, dirty, writeback;

static struct kmem_cache node_cache = {.name = "radix_node",
				       .lock = SPINLOCK_INIT("radix_node", RANK_LEAF)};

static void *node_alloc(void)
{
	return kmem_cache_zalloc(&node_cache);
}

static void node_free(void *node)
{
	kmem_cache_free(&node_cache, node);
}

void cache_init(void)
{
	node_cache.size = radix_node_size();
	radix_set_allocator(node_alloc, node_free);
}

void backing_init(struct backing *b, const struct backing_ops *ops, uint32_t size_pages)
{
	memset(b, 0, sizeof(*b));
	b->ops = ops;
	b->busy_rank = RANK_BUSY;
	b->size_pages = size_pages;
	spin_init(&b->lock, "backing", RANK_BACKING);
}

void backing_zero_from(struct frame *const *f, uint32_t n, uint32_t from)
{
	for (uint32_t i = from >> PAGE_SHIFT; i < n; i++) {
		uint32_t off = MAX(from, i << PAGE_SHIFT) - (i << PAGE_SHIFT);
		uint8_t *va = kmap(f[i]);

		memset(va + off, 0, PAGE_SIZE - off);
		kunmap(f[i], va);
	}
}

/* The frame at index, whatever its state, with a reference; NULL. */
static struct frame *cache_lookup(struct backing *b, uint32_t index)
{
	struct frame *f;

	spin_lock(&b->lock);
	f = radix_lookup(&b->pages, index);
	if (f)
		frame_get(f);
	spin_unlock(&b->lock);
	return f;
}

struct frame *cache_peek(struct backing *b, uint32_t index)
{
	struct frame *f = cache_lookup(b, index);

	if (!f || (atomic_load(&f->flags) & (FRAME_BUSY | FRAME_UPTODATE)) == FRAME_UPTODATE)
		return f;
	frame_put(f);
	return NULL;
}

static int cache_charge(struct backing *b)
{
	return b->ops->charge ? b->ops->charge(b, 1) : 0;
}

static void cache_uncharge(struct backing *b)
{
	if (b->ops->charge)
		b->ops->charge(b, -1);
}

/* The dirty pages of b are n more. What has no store is never written and counts nowhere. */
static void count_dirty(struct backing *b, int32_t n)
{
	atomic_add(&b->dirty_pages, (uint32_t)n);
	if (b->ops->write)
		atomic_add(&dirty, (uint32_t)n);
}

/* Take f, which is BUSY and ours, out of the cache if it is still in it. The caller's reference stays. */
static void cache_remove(struct frame *f)
{
	struct backing *b = f->backing;

	if (!b)
		return;
	spin_lock(&b->lock);
	BUG_ON(radix_remove(&b->pages, f->index) != f);
	f->backing = NULL;
	spin_unlock(&b->lock);
	if (frame_is(f, FRAME_DIRTY)) {
		frame_clear(f, FRAME_DIRTY);
		count_dirty(b, -1);
	}
	cache_take_parts(f);
	atomic_dec(&cached);
	cache_uncharge(b);
	frame_put(f);
}

/* Enter the fresh BUSY frame f at index, with a reference for the cache. -EEXIST when somebody was
 * faster, -ENXIO when index is not below limit (looked at under the lock, so that a truncation either
 * sees the page or is seen). */
static int cache_enter(struct backing *b, uint32_t index, struct frame *f, const uint32_t *limit)
{
	int err = -ENXIO;

	spin_lock(&b->lock);
	if (!limit || index < atomic_load(limit))
		err = cache_charge(b);
	if (!err) {
		err = radix_insert(&b->pages, index, f);
		if (err)
			cache_uncharge(b);
	}
	if (!err) {
		f->backing = b;
		f->index = index;
		if (shm_stores(b))
			frame_set(f, FRAME_SHMEM);
		frame_get(f);
		atomic_inc(&cached);
	}
	spin_unlock(&b->lock);
	return err;
}

/* Fill the entered frame and let others at it. On failure it leaves the cache first. */
static int cache_fill(struct backing *b, struct frame *f)
{
	int err = fail_now(FAIL_CACHE_READ) ? -EIO : b->ops->read(b, &f, 1);

	vm_count(VM_PAGE_READ);
	if (err)
		cache_remove(f);
	else
		frame_set(f, FRAME_UPTODATE);
	frame_busy_unlock(f, b->busy_rank);
	return err;
}

/* Wait until a frame somebody else entered can be used. 0, or -EAGAIN when it left the cache. */
static int cache_await(struct backing *b, struct frame *f)
{
	if (frame_is(f, FRAME_BUSY))
		frame_wait(f);
	return frame_is(f, FRAME_UPTODATE) && f->backing == b ? 0 : -EAGAIN;
}

/* The page that is not in the cache: -EEXIST when it is by now. */
static int cache_make(struct backing *b, uint32_t index, bool read, struct frame **out)
{
	struct frame *f;
	int err;

	/* A file larger than memory makes room for itself; one that is not gets others' room. */
	if (frame_free_count() < pmm_watermarks.high && cache_shrink(b, SHRINK_BATCH) == 0)
		oom_shrink();
	f = frame_alloc(read ? 0 : ALLOC_ZERO);
	if (!f)
		return -ENOMEM;
	frame_busy_lock(f, b->busy_rank);
	err = cache_enter(b, index, f, read ? &b->size_pages : NULL);
	if (err) {
		frame_busy_unlock(f, b->busy_rank);
	} else if (read) {
		err = cache_fill(b, f);
	} else {
		frame_set(f, FRAME_UPTODATE);
		frame_busy_unlock(f, b->busy_rank);
	}
	if (err)
		frame_put(f);
	else
		*out = f;
	return err;
}

static int cache_find_or_make(struct backing *b, uint32_t index, bool read, struct frame **out)
{
	int err;

	might_sleep();
	do {
		struct frame *f = cache_lookup(b, index);

		if (!f) {
			err = cache_make(b, index, read, out);
			continue;
		}
		err = cache_await(b, f);
		if (err)
			frame_put(f);
		else
			*out = f;
	} while (err == -EEXIST || err == -EAGAIN);
	return err;
}

int cache_get(struct backing *b, uint32_t index, struct frame **out)
{
	if (index >= atomic_load(&b->size_pages))
		return -ENXIO;
	return cache_find_or_make(b, index, true, out);
}

int cache_get_new(struct backing *b, uint32_t index, struct frame **out)
{
	return cache_find_or_make(b, index, false, out);
}

static uint8_t parts_of(uint32_t off, uint32_t len)
{
	return (uint8_t)(((1u << len / CACHE_PART) - 1) << off / CACHE_PART);
}

void cache_give_parts(struct frame *f, uint8_t parts)
{
	atomic_or(&f->dirty_parts, parts);
}

uint8_t cache_take_parts(struct frame *f)
{
	return atomic_xchg(&f->dirty_parts, 0);
}

/* The parts are set before and taken after the flag: what is dirty is never without it. */
static void mark_dirty(struct frame *f)
{
	struct backing *b = f->backing;

	if (__atomic_fetch_or(&f->flags, FRAME_DIRTY, __ATOMIC_SEQ_CST) & FRAME_DIRTY)
		return;
	if (!b)
		return;
	count_dirty(b, 1);
	if (b->ops->dirtied)
		b->ops->dirtied(b);
}

void cache_dirty_part(struct frame *f, uint32_t off, uint32_t len)
{
	cache_give_parts(f, parts_of(off, len));
	mark_dirty(f);
}

void cache_dirty(struct frame *f)
{
	cache_dirty_part(f, 0, PAGE_SIZE);
}

/* A write that fails gives back what it took, so we look again after it. */
void cache_clean_part(struct backing *b, uint32_t index, uint32_t off, uint32_t len)
{
	struct frame *f = cache_lookup(b, index);
	uint8_t keep = (uint8_t)~parts_of(off, len);

	if (!f)
		return;
	atomic_and(&f->dirty_parts, keep);
	if (frame_is(f, FRAME_BUSY)) {
		frame_wait(f);
		atomic_and(&f->dirty_parts, keep);
	}
	frame_put(f);
}

/* The first frame at or after *index with a reference; *index moves behind it. */
static struct frame *cache_next(struct backing *b, uint32_t *index)
{
	struct frame *f;

	spin_lock(&b->lock);
	f = radix_next(&b->pages, index);
	if (f)
		frame_get(f);
	spin_unlock(&b->lock);
	if (f)
		(*index)++;
	return f;
}

/* Take the pages [first, end) out of the cache, waiting for BUSY ones. */
static void remove_range(struct backing *b, uint32_t first, uint32_t end)
{
	uint32_t index = first;
	struct frame *f;

	while (index < end && (f = cache_next(b, &index)) != NULL) {
		frame_busy_lock(f, b->busy_rank);
		if (f->backing == b && f->index < end)
			cache_remove(f);
		frame_busy_unlock(f, b->busy_rank);
		frame_put(f);
	}
}

void cache_truncate(struct backing *b, uint32_t index)
{
	map_zap_backing(b, index, UINT32_MAX, true);
	remove_range(b, index, UINT32_MAX);
}

void cache_punch(struct backing *b, uint32_t first, uint32_t end)
{
	remove_range(b, first, end);
	map_zap_backing(b, first, end, false);
}

/* BUSY first, references after: a peek that comes between sees BUSY and lets go. */
static bool cache_drop_clean(struct backing *b, struct frame *f)
{
	bool drop;

	if (!frame_busy_trylock(f, b->busy_rank))
		return false;
	drop = f->backing == b && frame_is(f, FRAME_UPTODATE) && !frame_is(f, FRAME_DIRTY) &&
	       atomic_load(&f->refs) == 2; /* The cache's and ours. */
	if (drop)
		cache_remove(f);
	frame_busy_unlock(f, b->busy_rank);
	return drop;
}

uint32_t cache_shrink(struct backing *b, uint32_t want)
{
	uint32_t index = 0, dropped = 0;
	struct frame *f;

	while (dropped < want && (f = cache_next(b, &index)) != NULL) {
		dropped += cache_drop_clean(b, f);
		frame_put(f);
		if (index == 0)
			break;
	}
	return dropped;
}

static int cache_write_one(struct backing *b, struct frame *f)
{
	int err;

	if (f->backing != b || !frame_is(f, FRAME_DIRTY))
		return 0;
	frame_clear(f, FRAME_DIRTY);
	atomic_inc(&writeback);
	err = b->ops->write(b, &f, 1);
	atomic_dec(&writeback);
	if (atomic_load(&b->areas) > 0) /* A mapping may go on writing without a fault. */
		cache_dirty(f);
	else if (err)
		mark_dirty(f);
	count_dirty(b, -1); /* Not before: who flushes next has to wait for this write too. */
	return err;
}

int cache_flush(struct backing *b)
{
	uint32_t index = 0;
	struct frame *f;
	int first_err = 0;

	if (atomic_load(&b->dirty_pages) == 0 || !b->ops->write)
		return 0;
	while ((f = cache_next(b, &index)) != NULL) {
		int err = 0;

		if (atomic_load(&f->flags) & (FRAME_DIRTY | FRAME_BUSY)) {
			frame_busy_lock(f, b->busy_rank);
			err = cache_write_one(b, f);
			frame_busy_unlock(f, b->busy_rank);
		}
		frame_put(f);
		if (!first_err)
			first_err = err;
		if (index == 0)
			break;
	}
	return first_err;
}

uint32_t cache_frames(void)
{
	return atomic_load(&cached);
}

uint32_t cache_dirty_frames(void)
{
	return atomic_load(&dirty);
}

uint32_t cache_writeback_frames(void)
{
	return atomic_load(&writeback);
}
