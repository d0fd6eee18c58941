/*
 * reclaim.c: eviction.
 *
 *	victims from their policy -> BUSY -> out of all page tables -> one TLB flush for all
 *	-> the clean ones leave the cache -> the dirty ones are written in clusters, and leave
 *
 * Reclaim comes from the frames, against the order of the locks, so it only tries: what cannot be had at
 * once goes back to its policy. A frame that somebody got a reference to meanwhile stays where it is: it
 * is found in its cache again, by the next fault or read (features D10 to D13).
 *
 * Metadata of file systems is not written here but by the flusher, who knows in which order: a write that
 * pageout is in the middle of may need it.
 */

#include "mm/reclaim.h"

#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/cache_internal.h"
#include "mm/policy_set.h"
#include "mm/rmap.h"
#include "mm/swap.h"
#include "mm/vmstat.h"

#define BATCH BACKING_CLUSTER_MAX

/* Victims on their way out, each with a reference. */
struct batch {
	uint32_t n;
	struct frame *f[BATCH];
};

/* Has the page a place to go to, or can it be had again? */
static bool has_place(const struct frame *f)
{
	const struct backing *b = f->backing;

	if (!b)
		return frame_is(f, FRAME_ANON);
	if (!frame_is(f, FRAME_UPTODATE))
		return false;
	return !frame_is(f, FRAME_DIRTY) || (b->ops->write && b->busy_rank == RANK_BUSY);
}

/* Take f, which is BUSY, out of all page tables. */
static int unmap(struct frame *f)
{
	int err = has_place(f) && rmap_may_unmap(f) ? 0 : -EBUSY;

	if (!err && !f->backing)
		err = swap_reserve(f);
	if (!err)
		err = rmap_unmap(f, frame_is(f, FRAME_ANON) ? swap_entry_of(f) : 0);
	return err;
}

static void let_go(struct frame *f)
{
	frame_busy_unlock(f, RANK_BUSY);
	swap_reap(f);
}

/* Make f ours and take it out of all page tables. False: it has to stay. */
static bool isolate(struct frame *f)
{
	BUG_ON(atomic_load(&f->flags) & FRAME_LOCKED_DOWN);
	if (!frame_busy_trylock(f, RANK_BUSY))
		return false;
	if (unmap(f) == 0)
		return true;
	let_go(f);
	return false;
}

/* f, which is BUSY, leaves memory if it is clean and nobody has it. */
static bool drop(struct frame *f)
{
	if (!cache_evict(f)) {
		let_go(f);
		return false;
	}
	frame_busy_unlock(f, RANK_BUSY);
	frame_put(f);
	return true;
}

/* Drop those that are clean; the rest, in the order of their pages, stays in the batch; what was to go but
 * cannot is added to kept. */
static uint32_t drop_clean(struct batch *b, struct batch *kept)
{
	uint32_t gone = 0, dirty = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct frame *f = b->f[i];

		if (frame_is(f, FRAME_DIRTY))
			b->f[dirty++] = f;
		else if (drop(f))
			gone++;
		else
			kept->f[kept->n++] = f;
	}
	b->n = dirty;
	return gone;
}

static bool is_before(const struct frame *a, const struct frame *b)
{
	return a->backing != b->backing ? a->backing < b->backing : a->index < b->index;
}

static void sort(struct batch *b)
{
	for (uint32_t i = 1; i < b->n; i++) {
		struct frame *f = b->f[i];
		uint32_t j = i;

		for (; j > 0 && is_before(f, b->f[j - 1]); j--)
			b->f[j] = b->f[j - 1];
		b->f[j] = f;
	}
}

/* How many pages from i on follow each other. */
static uint32_t run_length(const struct batch *b, uint32_t i)
{
	uint32_t n = 1;

	while (i + n < b->n && b->f[i + n]->backing == b->f[i]->backing &&
	       b->f[i + n]->index == b->f[i]->index + n)
		n++;
	return n;
}

/* Write the dirty ones, which are sorted, and drop them; what fails stays, dirty. */
static uint32_t drop_dirty(struct batch *b, struct batch *kept)
{
	uint32_t gone = 0;

	for (uint32_t i = 0, n; i < b->n; i += n) {
		n = run_length(b, i);
		cache_write_run(b->f[i]->backing, &b->f[i], n);
		for (uint32_t j = i; j < i + n; j++) {
			if (drop(b->f[j]))
				gone++;
			else
				kept->f[kept->n++] = b->f[j];
		}
	}
	return gone;
}

/* Evict those of the batch that can go; the others are left in it. How many went. */
static uint32_t evict(struct batch *b)
{
	struct batch out = {.n = 0}, kept = {.n = 0};
	uint32_t gone;

	for (uint32_t i = 0; i < b->n; i++) {
		struct batch *to = isolate(b->f[i]) ? &out : &kept;

		to->f[to->n++] = b->f[i];
	}
	tlb_flush_all();
	gone = drop_clean(&out, &kept);
	sort(&out);
	gone += drop_dirty(&out, &kept);
	*b = kept;
	return gone;
}

static uint32_t evict_direct(struct batch *b)
{
	uint32_t gone;

	vm_count_add(VM_PGSCAN_DIRECT, b->n);
	gone = evict(b);
	vm_count_add(VM_PGSTEAL_DIRECT, gone);
	return gone;
}

bool reclaim_victim(struct frame *f)
{
	struct batch b = {.n = 1, .f = {f}};

	return evict_direct(&b) > 0;
}

static void batch_restore(struct batch *b)
{
	for (uint32_t i = 0; i < b->n; i++) {
		policy_set_restore(b->f[i]);
		frame_put(b->f[i]);
	}
}

uint32_t reclaim_frames(struct frame *const *f, uint32_t n)
{
	struct batch b = {.n = 0};
	uint32_t gone;

	for (uint32_t i = 0; i < n; i++) {
		if (policy_set_remove(f[i]))
			b.f[b.n++] = f[i];
		else
			frame_put(f[i]); /* Pageout has it. */
	}
	gone = evict_direct(&b);
	batch_restore(&b);
	return gone;
}

static void batch_fill(struct batch *b, struct policy_set *s, uint32_t most)
{
	b->n = 0;
	while (b->n < MIN(BATCH, most)) {
		struct frame *f = policy_set_victim(s);

		if (!f)
			break;
		b->f[b->n++] = f;
	}
}

uint32_t reclaim_from(struct policy_set *s, uint32_t most)
{
	struct batch b;
	uint32_t freed;

	batch_fill(&b, s, most);
	vm_count_add(VM_PGSCAN, b.n);
	freed = evict(&b);
	vm_count_add(VM_PGSTEAL, freed);
	batch_restore(&b);
	return freed;
}
