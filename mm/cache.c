/*
 * cache.c: the page cache: which pages of a backing are resident, and bringing them in.
 *
 * cache_get() is the same five steps for a file, shared anonymous memory and a disk's metadata:
 * look; else make a frame; enter it BUSY; fill it; let go. Whoever loses the race to enter, or finds
 * the frame being filled, waits for the winner and looks again. Frames are filled in runs of consecutive
 * pages, one request of the store each; nobody waits for another BUSY frame while he holds a run.
 * Writing is in cache_write.c.
 *
 * Locks: backing->lock guards the index and a frame's membership (backing, index fields change under
 * it with the frame BUSY). Nothing sleeps under it.
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/cache_internal.h"
#include "mm/fail.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/map.h"
#include "mm/pmm.h"
#include "mm/policy_set.h"
#include "mm/pageout.h"
#include "mm/shm.h"
#include "mm/swap.h"
#include "mm/vmstat.h"

static uint32_t cached; /* Atomic: frames in all caches. */

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

struct frame *cache_lookup(struct backing *b, uint32_t index)
{
	struct frame *f;

	spin_lock(&b->lock);
	f = radix_lookup(&b->pages, index);
	if (f)
		frame_get(f);
	spin_unlock(&b->lock);
	return f;
}

/* f is what the locked backing has, NULL: nothing. Can it be used? Then it gets a reference. */
static bool hold_locked(struct frame *f)
{
	bool usable = f && frame_is(f, FRAME_UPTODATE);

	if (usable)
		frame_get(f);
	return usable;
}

struct frame *cache_peek(struct backing *b, uint32_t index)
{
	struct frame *f;

	spin_lock(&b->lock);
	f = radix_lookup(&b->pages, index);
	if (!hold_locked(f))
		f = NULL;
	spin_unlock(&b->lock);
	return f;
}

uint32_t cache_peek_run(struct backing *b, uint32_t first, uint32_t n, struct frame **f)
{
	uint32_t found = 0;

	spin_lock(&b->lock);
	radix_lookup_range(&b->pages, first, n, (void **)f);
	while (found < n && hold_locked(f[found]))
		found++;
	spin_unlock(&b->lock);
	return found;
}

void cache_peek_range(struct backing *b, uint32_t first, uint32_t n, struct frame **f)
{
	spin_lock(&b->lock);
	radix_lookup_range(&b->pages, first, n, (void **)f);
	for (uint32_t i = 0; i < n; i++)
		if (!hold_locked(f[i]))
			f[i] = NULL;
	spin_unlock(&b->lock);
}

static void cache_leave_locked(struct frame *f)
{
	struct backing *b = f->backing;

	BUG_ON(radix_remove(&b->pages, f->index) != f);
	if (b->ops->charge && !shm_slot_locked(b, f->index))
		b->ops->charge(b, f->index, -1);
	f->backing = NULL;
}

/* What follows from f not being in b any more; the cache's reference goes. */
static void cache_left(struct backing *b, struct frame *f)
{
	cache_forget_dirty(b, f);
	atomic_dec(&cached);
	frame_put(f);
}

void cache_remove(struct frame *f)
{
	struct backing *b = f->backing;

	if (!b)
		return;
	spin_lock(&b->lock);
	cache_leave_locked(f);
	spin_unlock(&b->lock);
	cache_left(b, f);
}

/* Enter the fresh frame f at index, with a reference for the cache. -EEXIST when somebody was
 * faster, -ENXIO when index is not below limit (looked at under the lock, so that a truncation either
 * sees the page or is seen). */
static int cache_enter(struct backing *b, uint32_t index, struct frame *f, const uint32_t *limit)
{
	int err = -ENXIO;

	spin_lock(&b->lock);
	if (!limit || index < atomic_load(limit))
		err = radix_insert(&b->pages, index, f);
	if (!err && b->ops->charge && !shm_slot_locked(b, index)) {
		err = b->ops->charge(b, index, 1);
		if (err)
			radix_remove(&b->pages, index);
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

int cache_add(struct backing *b, uint32_t index, struct frame *f)
{
	return cache_enter(b, index, f, NULL);
}

void cache_release(struct backing *b, struct frame *f)
{
	frame_busy_unlock(f, b->busy_rank);
	swap_reap(f);
	frame_put(f);
}

/* ---- reading ---- */

/* A run of consecutive pages that we are bringing in: BUSY, entered, each with a reference of ours. */
struct run {
	struct backing *b;
	uint32_t wanted; /* The page somebody waits for, and what became of it. */
	bool urgent;	 /* He does, rather than may want it some day. */
	int err;
	uint32_t n;
	struct frame *f[BACKING_CLUSTER_MAX];
};

/* The page was read, or not: let others at it. On failure it leaves the cache first. */
static void read_ends(struct run *r, struct frame *f, int err)
{
	if (f->index == r->wanted)
		r->err = err ? err : -EEXIST;
	if (err)
		cache_remove(f);
	else
		frame_set(f, FRAME_UPTODATE);
	cache_release(r->b, f);
}

static int backing_read(struct backing *b, struct frame *const *f, uint32_t n)
{
	return fail_now(FAIL_CACHE_READ) ? -EIO : b->ops->read(b, f, n);
}

/* Fill the run's frames, one by one if they cannot be had together. */
static void run_read(struct run *r)
{
	int err = backing_read(r->b, r->f, r->n);

	for (uint32_t i = 0; i < r->n; i++)
		read_ends(r, r->f[i], err && r->n > 1 ? backing_read(r->b, &r->f[i], 1) : err);
	vm_count_add(VM_PAGE_READ, r->n);
	r->n = 0;
}

/* Would a cluster take the last frames? */
static bool frames_are_scarce(void)
{
	return frame_free_count() < pmm_watermarks.min + BACKING_CLUSTER_MAX;
}

/*
 * A frame for the page. Only he who needs it waits, and not with BUSY frames. Nobody does for metadata of a file
 * system: it may be needed for a write that gives memory back, and what holds it up is what waits here.
 */
static struct frame *run_frame(struct run *r, uint32_t index)
{
	bool scarce = frames_are_scarce();

	if (!r->urgent || index != r->wanted)
		return scarce ? NULL : frame_alloc(ALLOC_PATIENT);
	if (r->b->busy_rank != RANK_BUSY)
		return frame_alloc(ALLOC_RESERVE);
	if (scarce && r->n > 0)
		run_read(r);
	return r->n > 0 ? frame_alloc(ALLOC_PATIENT) : frame_alloc_wait(0);
}

/* Begin with the page: a fresh frame of it enters the cache. 0, -EEXIST when there is one, or -errno. */
static int run_add(struct run *r, uint32_t index)
{
	struct frame *f = run_frame(r, index);
	int err;

	if (!f)
		return -ENOMEM;
	frame_busy_trylock(f, r->b->busy_rank); /* Nobody knows it. */
	err = cache_enter(r->b, index, f, &r->b->size_pages);
	if (!err) {
		policy_set_add(f, r->b->page_flags);
		r->f[r->n++] = f;
		return 0;
	}
	frame_busy_unlock(f, r->b->busy_rank);
	frame_put(f);
	return err;
}

/* Bring in those of the pages [first, end) that are not there. What became of wanted: -EEXIST when it
 * was read or is somebody else's, or why not. */
static int cache_read(struct backing *b, uint32_t first, uint32_t end, uint32_t wanted, bool urgent)
{
	struct run r = {.b = b, .wanted = wanted, .urgent = urgent, .err = -EEXIST, .n = 0};

	for (uint32_t i = first; i < end; i++) {
		int err = run_add(&r, i);

		if (err && i == wanted)
			r.err = err;
		if (r.n > 0 && (err || r.n == BACKING_CLUSTER_MAX))
			run_read(&r);
		if (err && err != -EEXIST && i >= wanted)
			break;
	}
	if (r.n > 0)
		run_read(&r);
	return r.err;
}

/* ---- getting ---- */

/* Wait until a frame somebody else entered can be used. 0, or -EAGAIN when it left the cache. */
static int cache_await(struct backing *b, struct frame *f)
{
	if (!frame_is(f, FRAME_UPTODATE) && frame_is(f, FRAME_BUSY))
		frame_wait(f);
	return frame_is(f, FRAME_UPTODATE) && f->backing == b ? 0 : -EAGAIN;
}

int cache_get_cluster(struct backing *b, uint32_t index, uint32_t first, uint32_t end,
		      struct frame **out)
{
	bool hit = true;
	int err = -EEXIST;

	might_sleep();
	if (index >= atomic_load(&b->size_pages))
		return -ENXIO;
	while (err == -EEXIST || err == -EAGAIN) {
		struct frame *f = cache_lookup(b, index);

		if (f) {
			err = cache_await(b, f);
			if (!err)
				*out = f;
			else
				frame_put(f);
			if (!err && hit)
				policy_set_used(f);
		} else {
			hit = false;
			err = cache_read(b, first, end, index, true);
		}
	}
	return err;
}

int cache_get(struct backing *b, uint32_t index, struct frame **out)
{
	return cache_get_cluster(b, index, index, index + 1, out);
}

void cache_read_ahead(struct backing *b, uint32_t first, uint32_t end)
{
	end = MIN(end, atomic_load(&b->size_pages));
	if (first < end && !frames_are_scarce())
		cache_read(b, first, end, first, false);
}

/* Enter a zeroed frame. -EEXIST when there is one by now. */
static int cache_make(struct backing *b, uint32_t index, struct frame **out)
{
	struct frame *f;
	int err;

	f = b->busy_rank == RANK_BUSY ? frame_alloc_wait(ALLOC_ZERO)
				      : frame_alloc(ALLOC_ZERO | ALLOC_RESERVE);
	if (!f)
		return -ENOMEM;
	frame_set(f, FRAME_UPTODATE);
	err = cache_enter(b, index, f, NULL);
	if (err) {
		frame_put(f);
		return err;
	}
	policy_set_add(f, 0);
	*out = f;
	return 0;
}

int cache_get_new(struct backing *b, uint32_t index, struct frame **out)
{
	int err = -EEXIST;

	might_sleep();
	while (err == -EEXIST || err == -EAGAIN) {
		struct frame *f = cache_lookup(b, index);

		if (!f) {
			err = cache_make(b, index, out);
			continue;
		}
		err = cache_await(b, f);
		if (!err)
			*out = f;
		else
			frame_put(f);
	}
	return err;
}

/* ---- removing ---- */

struct frame *cache_next(struct backing *b, uint32_t *index)
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
		cache_release(b, f);
	}
}

void cache_truncate(struct backing *b, uint32_t index)
{
	map_zap_backing(b, index, UINT32_MAX, true);
	remove_range(b, index, UINT32_MAX);
	shm_forget(b, index, UINT32_MAX);
}

void cache_punch(struct backing *b, uint32_t first, uint32_t end)
{
	remove_range(b, first, end);
	shm_forget(b, first, end);
	map_zap_backing(b, first, end, false);
}

/*
 * BUSY keeps writers to the store away, and the lock whoever looks the page up: so when there are only the
 * cache's reference and ours, nobody can get another until it has left.
 */
bool cache_evict(struct frame *f)
{
	struct backing *b = f->backing;
	bool clean =
		b && (atomic_load(&f->flags) & (FRAME_UPTODATE | FRAME_DIRTY)) == FRAME_UPTODATE;

	if (!clean)
		return false;
	spin_lock(&b->lock);
	clean = !frame_is(f, FRAME_DIRTY) && atomic_load(&f->refs) == 2;
	if (clean) {
		policy_set_evicted(f);
		cache_leave_locked(f);
	}
	spin_unlock(&b->lock);
	if (clean)
		cache_left(b, f);
	return clean;
}

static bool cache_drop_clean(struct backing *b, struct frame *f)
{
	bool dropped;

	if (!frame_busy_trylock(f, b->busy_rank))
		return false;
	dropped = f->backing == b && cache_evict(f);
	frame_busy_unlock(f, b->busy_rank);
	return dropped;
}

uint32_t cache_drop(struct backing *b, uint32_t first, uint32_t end, uint32_t want)
{
	uint32_t dropped = 0;
	struct frame *f;

	while (dropped < want && first < end && (f = cache_next(b, &first)) != NULL) {
		if (first <= end)
			dropped += cache_drop_clean(b, f);
		swap_reap(f);
		frame_put(f);
	}
	return dropped;
}

uint32_t cache_shrink(struct backing *b, uint32_t want)
{
	return cache_drop(b, 0, UINT32_MAX, want);
}

uint32_t cache_frames(void)
{
	return atomic_load(&cached);
}
