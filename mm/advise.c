/*
 * advise.c: madvise; msync; and mincore, which asks instead of telling.
 *
 * Advice about a part of an area that is to be remembered becomes a flag of it. MADV_DONTNEED and MADV_FREE
 * empty the page table: private pages are lost, the others are in their backing. FREE may take the
 * pages at once, because Linux promises only that they are lost when memory is short.
 */

#include "kernel/abi/errno.h"
#include "kernel/abi/mman.h"
#include "kernel/lib/string.h"
#include "mm/area.h"
#include "mm/backing.h"
#include "mm/pgtable.h"
#include "mm/policy.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/shm.h"
#include "mm/swap.h"
#include "mm/swapin.h"

/* ---- advice ---- */

static int set_bits(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, uint32_t clear,
		    uint32_t set)
{
	int err = area_set_flags(as, v, start, end, (v->flags & ~clear) | set);

	return err == -ENOMEM ? -EAGAIN : err; /* ENOMEM would mean a hole. */
}

static int discard(struct aspace *as, struct vma *v, uint32_t start, uint32_t end)
{
	if (v->flags & VM_LOCKED)
		return -EINVAL;
	return pgtable_unmap(as, start, end, start, end) ? -EAGAIN : 0;
}

/* What is in swap comes into the swap cache, as far as swapin has ears for it. Private pages that are nowhere have
 * nothing to be read from. */
static void will_need_private(struct aspace *as, uint32_t start, uint32_t end)
{
	for (uint32_t va = start; va < end; va += PAGE_SIZE) {
		pte_t pte = pgtable_get(as, va);

		if (pte_is_swapped(pte) && swapin_ask(pte) != 0)
			return;
	}
}

/* Pages of shared memory that are nowhere stay holes. */
static void will_need_shared(struct backing *b, uint32_t first, uint32_t end)
{
	if (!shm_stores(b))
		cache_read_ahead(b, first, end);
	for (; shm_stores(b) && shm_swapped(b) > 0 && first < end; first++)
		if (shm_slot(b, first))
			cache_read_ahead(b, first, first + 1);
}

static int will_need(struct aspace *as, struct vma *v, uint32_t start, uint32_t end)
{
	uint32_t first = v->pgoff + ((start - v->start) >> PAGE_SHIFT);

	if (v->backing)
		will_need_shared(v->backing, first, first + ((end - start) >> PAGE_SHIFT));
	if (!(v->flags & VM_SHARED))
		will_need_private(as, start, end);
	return 0;
}

/* Call fn for up to BACKING_CLUSTER_MAX present pages of [*va, end) that nobody else maps, which it is given
 * references to; *va moves behind them. */
static void each_own_page(struct aspace *as, uint32_t *va, uint32_t end,
			  void (*fn)(struct frame *const *f, uint32_t n))
{
	struct frame *f[BACKING_CLUSTER_MAX];
	uint32_t n = 0;

	for (; *va < end && n < BACKING_CLUSTER_MAX; *va += PAGE_SIZE) {
		f[n] = pgtable_hold(as, *va, false);
		if (f[n] && rmap_mapcount(f[n]) == 1)
			n++;
		else if (f[n])
			frame_put(f[n]);
	}
	if (n > 0)
		fn(f, n);
}

static void evict_pages(struct frame *const *f, uint32_t n)
{
	reclaim_frames(f, n);
}

static void forget_touches(struct frame *const *f, uint32_t n)
{
	while (n-- > 0) {
		frame_young(f[n]);
		frame_put(f[n]);
	}
}

static int push_out(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, uint32_t advice)
{
	if (v->flags & VM_LOCKED)
		return -EINVAL;
	while (start < end)
		each_own_page(as, &start, end,
			      advice == MADV_PAGEOUT ? evict_pages : forget_touches);
	return 0;
}

static int advise_part(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, void *arg)
{
	switch (*(uint32_t *)arg) {
	case MADV_NORMAL:
		return set_bits(as, v, start, end, VM_RANDOM | VM_SEQUENTIAL, 0);
	case MADV_RANDOM:
		return set_bits(as, v, start, end, VM_SEQUENTIAL, VM_RANDOM);
	case MADV_SEQUENTIAL:
		return set_bits(as, v, start, end, VM_RANDOM, VM_SEQUENTIAL);
	case MADV_DONTFORK:
		return set_bits(as, v, start, end, 0, VM_DONTFORK);
	case MADV_DOFORK:
		return set_bits(as, v, start, end, VM_DONTFORK, 0);
	case MADV_WIPEONFORK:
		if (v->backing)
			return -EINVAL;
		return set_bits(as, v, start, end, 0, VM_WIPEONFORK);
	case MADV_KEEPONFORK:
		return set_bits(as, v, start, end, VM_WIPEONFORK, 0);
	case MADV_DONTDUMP:
		return set_bits(as, v, start, end, 0, VM_DONTDUMP);
	case MADV_DODUMP:
		return set_bits(as, v, start, end, VM_DONTDUMP, 0);
	case MADV_FREE:
		return v->backing ? -EINVAL : discard(as, v, start, end);
	case MADV_DONTNEED:
		return discard(as, v, start, end);
	case MADV_DONTNEED_LOCKED:
		return pgtable_unmap(as, start, end, start, end) ? -EAGAIN : 0;
	case MADV_COLD:
	case MADV_PAGEOUT:
		return push_out(as, v, start, end, *(uint32_t *)arg);
	}
	return will_need(as, v, start, end);
}

int aspace_advise(struct aspace *as, uint32_t start, uint32_t end, uint32_t advice)
{
	/* These change nothing, so others may fault meanwhile. */
	bool reads = advice == MADV_WILLNEED || advice == MADV_COLD || advice == MADV_PAGEOUT;
	int err;

	if (reads)
		rwlock_read_lock(&as->lock);
	else
		rwlock_write_lock(&as->lock);
	err = area_each(as, start, end, true, advise_part, &advice);
	if (reads)
		rwlock_read_unlock(&as->lock);
	else
		rwlock_write_unlock(&as->lock);
	return err;
}

/* ---- giving pages of a backing up ---- */

/* The backing that va shows, with a reference, and which of its pages up to *end. */
static int find_to_remove(struct aspace *as, uint32_t *va, uint32_t end, struct backing **b,
			  uint32_t *first, uint32_t *count)
{
	struct vma *v = vma_find_from(&as->vmas, *va);
	int hole = v && v->start <= *va ? 0 : -ENOMEM;

	*b = NULL;
	if (!v || v->start >= end) {
		*va = end;
		return hole;
	}
	if (v->flags & VM_LOCKED || !v->backing)
		return -EINVAL;
	if ((v->flags & (VM_SHARED | VM_MAYWRITE)) != (VM_SHARED | VM_MAYWRITE))
		return -EACCES;
	*va = MAX(*va, v->start);
	*first = v->pgoff + ((*va - v->start) >> PAGE_SHIFT);
	*count = (MIN(v->end, end) - *va) >> PAGE_SHIFT;
	*va += *count << PAGE_SHIFT;
	*b = v->backing;
	(*b)->ops->get(*b);
	return hole;
}

/* The lock is not held while pages go, for their backing has locks that come before it. */
int aspace_remove_pages(struct aspace *as, uint32_t start, uint32_t end)
{
	uint32_t va = start, first, count;
	struct backing *b;
	int err, result = 0;

	while (va < end) {
		rwlock_read_lock(&as->lock);
		err = find_to_remove(as, &va, end, &b, &first, &count);
		rwlock_read_unlock(&as->lock);
		if (err == -ENOMEM)
			result = err;
		else if (err)
			return err;
		if (!b)
			break;
		err = b->ops->punch ? b->ops->punch(b, first, first + count) : -EOPNOTSUPP;
		b->ops->put(b);
		if (err)
			return err;
	}
	return result;
}

/* ---- msync ---- */

/* The backing of the next area of [*va, end) that is to be written, with a reference; *va moves behind it. */
static int find_to_sync(struct aspace *as, uint32_t *va, uint32_t end, uint32_t flags,
			struct backing **b)
{
	struct vma *v = vma_find_from(&as->vmas, *va);
	int hole = v && v->start <= *va ? 0 : -ENOMEM;

	*b = NULL;
	if (!v || v->start >= end) {
		*va = end;
		return hole;
	}
	if (flags & MS_INVALIDATE && v->flags & VM_LOCKED)
		return -EBUSY;
	*va = v->end;
	if (flags & MS_SYNC && v->flags & VM_SHARED && v->backing && v->backing->ops->sync) {
		*b = v->backing;
		(*b)->ops->get(*b);
	}
	return hole;
}

int aspace_sync(struct aspace *as, uint32_t start, uint32_t end, uint32_t flags)
{
	uint32_t va = start;
	struct backing *b;
	int err, result = 0;

	while (va < end) {
		rwlock_read_lock(&as->lock);
		err = find_to_sync(as, &va, end, flags, &b);
		rwlock_read_unlock(&as->lock);
		if (err == -ENOMEM)
			result = err;
		else if (err)
			return err;
		if (!b)
			continue;
		err = b->ops->sync(b);
		b->ops->put(b);
		if (err)
			return err;
	}
	return result;
}

/* ---- what is there ---- */

struct residence {
	uint32_t va; /* Of the first page. */
	uint8_t *vec;
	bool (*may_tell)(struct backing *b);
};

static bool page_is_in_memory(struct aspace *as, const struct vma *v, uint32_t va)
{
	pte_t pte = pgtable_get(as, va);
	struct frame *f;

	if (pte_is_swapped(pte))
		f = swap_peek(pte, &as->swap_window);
	else if (pte)
		return true;
	else
		f = v->backing ? cache_peek(v->backing, v->pgoff + ((va - v->start) >> PAGE_SHIFT))
			       : NULL;
	if (f)
		frame_put(f);
	return f;
}

static int tell_part(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, void *arg)
{
	const struct residence *r = arg;
	uint8_t *vec = r->vec + ((start - r->va) >> PAGE_SHIFT);
	bool tells = !v->backing || r->may_tell(v->backing);

	for (uint32_t va = start; va < end; va += PAGE_SIZE)
		*vec++ = !tells || page_is_in_memory(as, v, va);
	return 0;
}

int aspace_residence(struct aspace *as, uint32_t va, uint32_t count, uint8_t *vec,
		     bool (*may_tell)(struct backing *b))
{
	struct residence r = {va, vec, may_tell};
	int err;

	rwlock_read_lock(&as->lock);
	err = area_each(as, va, va + (count << PAGE_SHIFT), false, tell_part, &r);
	rwlock_read_unlock(&as->lock);
	return err;
}
