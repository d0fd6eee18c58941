/*
 * cache_write.c: which pages of a backing are newer than its store, and writing them.
 *
 * A page is cleaned in this order: BUSY; DIRTY off; the right to write taken from every mapping of it;
 * then the write. So a store through a mapping that the write may miss faults, and makes the page dirty
 * again (the fault sets DIRTY and the entry's W under one lock, that of the table). A write that fails
 * makes its pages dirty again: the error comes up anew with every flush until one succeeds, so no error
 * is lost and none needs to be remembered.
 *
 * Meanwhile everybody may go on reading the page, and writing to it: what is written may be a mixture then,
 * but the page is dirty after it and is written once more. Nobody waits for a write but who flushes,
 * truncates, or wants the very page removed.
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/cache_internal.h"
#include "mm/rmap.h"

#define SCAN_MAX 256 /* Pages looked at under the lock at once. */

/* Atomic: of pages that have a store, the dirty ones and those being written. */
static uint32_t dirty, writeback;

uint32_t cache_dirty_frames(void)
{
	return atomic_load(&dirty);
}

uint32_t cache_writeback_frames(void)
{
	return atomic_load(&writeback);
}

/* ---- dirty ---- */

/* The dirty pages of b are n more. Memory, which nobody makes durable, counts nowhere. */
static void count_dirty(struct backing *b, int32_t n)
{
	atomic_add(&b->dirty_pages, (uint32_t)n);
	if (b->ops->sync)
		atomic_add(&dirty, (uint32_t)n);
}

static void count_writeback(const struct backing *b, int32_t n)
{
	if (b->ops->sync)
		atomic_add(&writeback, (uint32_t)n);
}

void cache_forget_dirty(struct backing *b, struct frame *f)
{
	if (frame_is(f, FRAME_DIRTY)) {
		frame_clear(f, FRAME_DIRTY);
		count_dirty(b, -1);
	}
	cache_take_parts(f);
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

/* ---- writing ---- */

/* The first page of [*index, end) that is dirty or being written, with a reference; *index moves behind. NULL:
 * none among those looked at; *index is end when these were all. */
static struct frame *next_unclean(struct backing *b, uint32_t *index, uint32_t end)
{
	struct frame *f = NULL;

	spin_lock(&b->lock);
	for (uint32_t looks = 0; looks < SCAN_MAX && !f; looks++) {
		f = radix_next(&b->pages, index);
		if (!f || *index >= end) {
			f = NULL;
			*index = end;
			break;
		}
		if (!frame_is(f, FRAME_DIRTY) && !frame_is(f, FRAME_BUSY | FRAME_UPTODATE))
			f = NULL;
		(*index)++;
	}
	if (f)
		frame_get(f);
	spin_unlock(&b->lock);
	return f;
}

/* May the BUSY frame be written? Behind the end are pages of a write(2) that has yet to move the end. */
static bool wants_writing(struct backing *b, struct frame *f)
{
	return f->backing == b && frame_is(f, FRAME_DIRTY) &&
	       f->index < atomic_load(&b->size_pages);
}

/* Add to the n of f, which are BUSY, the pages behind them below end that are dirty and can be had at once. */
static uint32_t grow_run(struct backing *b, struct frame **f, uint32_t n, uint32_t end)
{
	uint32_t most = MIN(end - f[0]->index, (uint32_t)BACKING_CLUSTER_MAX);

	for (; n < most; n++) {
		f[n] = cache_lookup(b, f[0]->index + n);
		if (!f[n])
			break;
		if (!frame_is(f[n], FRAME_DIRTY) || !frame_busy_trylock(f[n], b->busy_rank)) {
			frame_put(f[n]);
			break;
		}
		if (!wants_writing(b, f[n])) {
			cache_release(b, f[n]);
			break;
		}
	}
	return n;
}

static int write_one(struct backing *b, struct frame *f)
{
	int err = b->ops->write(b, &f, 1);

	if (err)
		mark_dirty(f);
	return err;
}

/* Clean n BUSY dirty pages that follow each other. 0 or the first error. */
static int run_write(struct backing *b, struct frame *const *f, uint32_t n)
{
	int err, first_err = 0;

	for (uint32_t i = 0; i < n; i++)
		frame_clear(f[i], FRAME_DIRTY);
	rmap_write_protect(f, n);
	count_writeback(b, (int32_t)n);
	err = n > 1 ? b->ops->write(b, f, n) : write_one(b, f[0]);
	for (uint32_t i = 0; err && n > 1 && i < n; i++) {
		int page_err = write_one(b, f[i]);

		first_err = first_err ? first_err : page_err;
	}
	count_writeback(b, -(int32_t)n);
	count_dirty(b, -(int32_t)n); /* Not before: who flushes next waits for this write too. */
	return n > 1 ? first_err : err;
}

/* Take over f, which is dirty or being written by somebody who is to be waited for, and write it with
 * what follows. */
static int flush_from(struct backing *b, struct frame *f, uint32_t end)
{
	struct frame *run[BACKING_CLUSTER_MAX] = {f};
	uint32_t n = 1;
	int err = 0;

	frame_busy_lock(f, b->busy_rank);
	if (wants_writing(b, f)) {
		n = grow_run(b, run, 1, end);
		err = run_write(b, run, n);
	}
	while (n > 0)
		cache_release(b, run[--n]);
	return err;
}

int cache_write_run(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct frame *run[BACKING_CLUSTER_MAX];
	uint32_t grown;
	int err;

	for (uint32_t i = 0; i < n; i++) {
		if (!wants_writing(b, f[i]))
			return -EAGAIN;
		run[i] = f[i];
	}
	grown = grow_run(b, run, n, UINT32_MAX);
	err = run_write(b, run, grown);
	while (grown > n)
		cache_release(b, run[--grown]);
	return err;
}

int cache_flush_range(struct backing *b, uint32_t first, uint32_t end)
{
	int first_err = 0;

	if (atomic_load(&b->dirty_pages) == 0 || !b->ops->sync)
		return 0; /* Folders of some file systems have no pages, nor ops. Memory stays. */
	while (first < end && atomic_load(&b->dirty_pages) > 0) {
		struct frame *f = next_unclean(b, &first, end);
		int err = f ? flush_from(b, f, end) : 0;

		if (!first_err)
			first_err = err;
	}
	return first_err;
}

int cache_flush(struct backing *b)
{
	return cache_flush_range(b, 0, UINT32_MAX);
}
