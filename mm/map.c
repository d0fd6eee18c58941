/*
 * map.c: mmap, munmap and mprotect: areas and page tables changed together.
 *
 * The order is always the same: check, reserve what can fail (areas for a split, copies of shared page
 * tables), then change pages, then areas. So a failure leaves everything as it was.
 */

#include "mm/map.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/backing.h"
#include "mm/fault_internal.h"
#include "mm/kmalloc.h"
#include "mm/pgtable.h"
#include "mm/shm.h"

#define MAX_MAP_COUNT 65530 /* Linux's vm.max_map_count. */

KMEM_CACHE(vma_cache, struct vma);

/* ---- areas as objects ---- */

static void vma_get_backing(struct vma *v)
{
	if (!v->backing)
		return;
	atomic_inc(&v->backing->areas);
	v->backing->ops->get(v->backing);
}

struct vma *vma_clone(const struct vma *v)
{
	struct vma *copy = kmem_cache_alloc(&vma_cache);

	if (!copy)
		return NULL;
	*copy = *v;
	vma_get_backing(copy);
	return copy;
}

void vma_free(struct vma *v)
{
	if (v->backing) {
		atomic_dec(&v->backing->areas);
		v->backing->ops->put(v->backing);
	}
	kmem_cache_free(&vma_cache, v);
}

void vma_free_list(struct vma *dead)
{
	while (dead) {
		struct vma *next = dead->right;

		vma_free(dead);
		dead = next;
	}
}

static void vma_bury(struct vma *v, struct vma **dead)
{
	v->right = *dead;
	*dead = v;
}

/* Pages of an area that count as committed: what only this space can lose. */
static uint32_t accounted_pages(uint32_t flags, uint32_t start, uint32_t end)
{
	return flags & VM_ACCOUNTED ? (end - start) >> PAGE_SHIFT : 0;
}

static bool should_account(uint32_t flags)
{
	return (flags & (VM_WRITE | VM_SHARED | VM_NORESERVE)) == VM_WRITE;
}

/* Pages of an area that RLIMIT_DATA limits (getrlimit(2)). */
static uint32_t data_pages(uint32_t flags, uint32_t start, uint32_t end)
{
	return (flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE
		       ? (end - start) >> PAGE_SHIFT
		       : 0;
}

static bool data_fits(const struct aspace *as, uint32_t more)
{
	return more == 0 || as->data_pages + more <= as->data_limit >> PAGE_SHIFT;
}

/* ---- splitting and merging ---- */

/* Cut v in two at va; spare becomes the upper part. */
static void vma_split(struct aspace *as, struct vma *v, uint32_t va, struct vma *spare)
{
	uint32_t end = v->end;

	ASSERT(v->start < va && va < end);
	vma_resize(&as->vmas, v, v->start, va, v->pgoff);
	spare->start = va;
	spare->end = end;
	spare->pgoff = v->backing ? v->pgoff + ((va - v->start) >> PAGE_SHIFT) : 0;
	vma_insert(&as->vmas, spare);
}

/* Cut the area that holds va in its middle, if there is one. 0 or -ENOMEM. */
static int split_at(struct aspace *as, uint32_t va)
{
	struct vma *v = vma_find(&as->vmas, va), *spare;

	if (!v || v->start == va)
		return 0;
	if (as->vmas.count >= MAX_MAP_COUNT)
		return -ENOMEM;
	spare = vma_clone(v);
	if (!spare)
		return -ENOMEM;
	vma_split(as, v, va, spare);
	return 0;
}

/* Make v and the area after it one if they can be. Returns the area that holds v's range. */
static struct vma *merge_next(struct aspace *as, struct vma *v, struct vma **dead)
{
	struct vma *next = vma_next(v);

	if (!next || !vma_mergeable(v, next))
		return v;
	vma_remove(&as->vmas, next);
	vma_resize(&as->vmas, v, v->start, next->end, v->pgoff);
	vma_bury(next, dead);
	return v;
}

static void merge_around(struct aspace *as, struct vma *v, struct vma **dead)
{
	struct vma *prev = vma_prev(v);

	merge_next(as, v, dead);
	if (prev)
		merge_next(as, prev, dead);
}

/* ---- adding ---- */

int map_insert_locked(struct aspace *as, uint32_t start, uint32_t end, uint32_t flags,
		      struct backing *backing, uint32_t pgoff)
{
	uint32_t pages = (end - start) >> PAGE_SHIFT, data = data_pages(flags, start, end), charge;
	struct vma *v, *dead = NULL, *d;

	if (as->vmas.count >= MAX_MAP_COUNT || as->vmas.pages + pages > as->as_limit >> PAGE_SHIFT)
		return -ENOMEM;
	if (!data_fits(as, data))
		return -ENOMEM;
	if (should_account(flags))
		flags |= VM_ACCOUNTED;
	charge = accounted_pages(flags, start, end);
	if (commit_charge(charge) != 0)
		return -ENOMEM;
	v = kmem_cache_alloc(&vma_cache);
	if (!v) {
		commit_uncharge(charge);
		return -ENOMEM;
	}
	as->committed += charge;
	as->data_pages += data;
	*v = (struct vma){
		.start = start, .end = end, .flags = flags, .backing = backing, .pgoff = pgoff};
	vma_get_backing(v);
	vma_insert(&as->vmas, v);
	merge_around(as, v, &dead);
	/* A merge drops at most two references to the very backing that the area that stays still
	 * holds, so none of these puts is the last and none sleeps. */
	while ((d = dead) != NULL) {
		dead = d->right;
		vma_free(d);
	}
	return 0;
}

/* May a mapping be at just this place? */
static int check_place(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how)
{
	if (!(how & (MAP_HOW_FIXED | MAP_HOW_NOREPLACE)))
		return 0;
	if (addr & ~PAGE_MASK)
		return -EINVAL;
	if (addr > USER_END - len)
		return -ENOMEM;
	if (addr < MMAP_MIN_ADDR)
		return -EPERM;
	if (how & MAP_HOW_NOREPLACE && vma_overlaps(&as->vmas, addr, addr + len))
		return -EEXIST;
	return 0;
}

int aspace_check_place(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how)
{
	int err;

	rwlock_read_lock(&as->lock);
	err = check_place(as, addr, ALIGN_UP(len, PAGE_SIZE), how);
	rwlock_read_unlock(&as->lock);
	return err;
}

/* Where to map: 0 and *start, or why not. */
static int choose_address(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how,
			  uint32_t *start)
{
	const struct vma *above;

	if (how & (MAP_HOW_FIXED | MAP_HOW_NOREPLACE)) {
		*start = addr;
		return check_place(as, addr, len, how);
	}
	addr = ALIGN_DOWN(addr, PAGE_SIZE);
	above = vma_find_from(&as->vmas, addr);
	if (addr >= MMAP_MIN_ADDR && addr <= USER_END - len &&
	    (!above || addr + len <= vma_guard_start(above))) {
		*start = addr;
		return 0;
	}
	*start = vma_find_gap(&as->vmas, len, MMAP_MIN_ADDR, as->mmap_top);
	if (!*start) /* The usual room is used up: also above, where the stack would grow. */
		*start = vma_find_gap(&as->vmas, len, MMAP_MIN_ADDR, USER_END);
	return *start ? 0 : -ENOMEM;
}

/* Will [start, end) with flags fit the limits once what is there has gone? Asked before it goes. */
static int check_replacement(struct aspace *as, uint32_t start, uint32_t end, uint32_t flags)
{
	uint32_t pages = as->vmas.pages, data = as->data_pages;

	for (struct vma *v = vma_find_from(&as->vmas, start); v && v->start < end;
	     v = vma_next(v)) {
		uint32_t from = MAX(v->start, start), to = MIN(v->end, end);

		pages -= (to - from) >> PAGE_SHIFT;
		data -= data_pages(v->flags, from, to);
	}
	pages += (end - start) >> PAGE_SHIFT;
	data += data_pages(flags, start, end);
	if (pages > as->as_limit >> PAGE_SHIFT)
		return -ENOMEM;
	return data_pages(flags, start, end) == 0 || data <= as->data_limit >> PAGE_SHIFT ? 0
											  : -ENOMEM;
}

static int32_t map_locked(struct aspace *as, uint32_t addr, uint32_t len, uint32_t flags,
			  uint32_t how, struct backing *backing, uint32_t pgoff, struct vma **dead)
{
	uint32_t start;
	int err = choose_address(as, addr, len, how, &start);

	if (!err && how & MAP_HOW_FIXED)
		err = check_replacement(as, start, start + len, flags);
	if (!err && how & MAP_HOW_FIXED)
		err = map_remove_locked(as, start, start + len, dead);
	if (!err)
		err = map_insert_locked(as, start, start + len, flags, backing, pgoff);
	return err ? err : (int32_t)start;
}

int32_t aspace_map(struct aspace *as, uint32_t addr, uint32_t len, uint32_t vmflags, uint32_t how,
		   struct backing *backing, uint32_t pgoff)
{
	struct backing *shared = NULL;
	struct vma *dead = NULL;
	int32_t result;

	if (len == 0)
		return -EINVAL;
	if (len > USER_END)
		return -ENOMEM;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (!backing && vmflags & VM_SHARED) {
		backing = shared = shm_create(len >> PAGE_SHIFT);
		if (!backing)
			return -ENOMEM;
		pgoff = 0;
	}
	rwlock_write_lock(&as->lock);
	result = map_locked(as, addr, len, vmflags, how, backing, pgoff, &dead);
	rwlock_write_unlock(&as->lock);
	vma_free_list(dead);
	if (shared)
		shared->ops->put(shared);
	if (how & MAP_HOW_POPULATE && !IS_MAP_ERROR(result))
		fault_populate(as, (uint32_t)result, (uint32_t)result + len);
	return result;
}

/* ---- removing ---- */

/* The free borders around [start, end): no area lives in [*floor, start) or [end, *ceiling). */
static void find_borders(struct aspace *as, uint32_t start, uint32_t end, uint32_t *floor,
			 uint32_t *ceiling)
{
	struct vma *v = vma_find_from(&as->vmas, start), *above = vma_find_from(&as->vmas, end),
		   *prev;

	prev = v ? vma_prev(v) : NULL;
	if (v && v->start < start)
		*floor = start;
	else
		*floor = prev ? prev->end : 0;
	*ceiling = above ? MAX(above->start, end) : USER_END;
}

int map_remove_locked(struct aspace *as, uint32_t start, uint32_t end, struct vma **dead)
{
	struct vma *v, *next;
	uint32_t floor, ceiling;
	int err;

	if (!vma_overlaps(&as->vmas, start, end))
		return 0;
	err = split_at(as, start);
	if (!err)
		err = split_at(as, end);
	if (!err) {
		find_borders(as, start, end, &floor, &ceiling);
		err = pgtable_unmap(as, start, end, floor, ceiling);
	}
	v = vma_find_from(&as->vmas, start);
	if (err) { /* Undo the splits. */
		struct vma *above = vma_find_from(&as->vmas, end);

		if (above)
			merge_around(as, above, dead);
		if (v && v != above)
			merge_around(as, v, dead);
		return err;
	}
	for (; v && v->start < end; v = next) {
		uint32_t pages = accounted_pages(v->flags, v->start, v->end);

		next = vma_next(v);
		as->committed -= pages;
		as->data_pages -= data_pages(v->flags, v->start, v->end);
		commit_uncharge(pages);
		vma_remove(&as->vmas, v);
		vma_bury(v, dead);
	}
	return 0;
}

int aspace_unmap(struct aspace *as, uint32_t addr, uint32_t len)
{
	struct vma *dead = NULL;
	int err;

	if (addr & ~PAGE_MASK || len == 0 || len > USER_END || addr > USER_END - len)
		return -EINVAL;
	len = ALIGN_UP(len, PAGE_SIZE);
	rwlock_write_lock(&as->lock);
	err = map_remove_locked(as, addr, addr + len, &dead);
	rwlock_write_unlock(&as->lock);
	vma_free_list(dead);
	return err;
}

/* ---- protecting ---- */

/* Give the whole of v, whose borders are where they should be, the rights prot. */
static int protect_area(struct aspace *as, struct vma *v, uint32_t prot)
{
	uint32_t flags = (v->flags & ~VM_PROT) | prot, charge = 0;
	uint32_t data_before = data_pages(v->flags, v->start, v->end);
	uint32_t data_after = data_pages(flags, v->start, v->end);
	int err;

	if (prot & VM_WRITE && !(v->flags & VM_MAYWRITE))
		return -EACCES;
	if (data_after > data_before && !data_fits(as, data_after))
		return -ENOMEM;
	if (should_account(flags) && !(flags & VM_ACCOUNTED)) {
		flags |= VM_ACCOUNTED;
		charge = (v->end - v->start) >> PAGE_SHIFT;
	}
	err = commit_charge(charge);
	if (err)
		return err;
	err = pgtable_protect(as, v->start, v->end, prot);
	if (err) {
		commit_uncharge(charge);
		return err;
	}
	as->committed += charge;
	as->data_pages += data_after - data_before;
	v->flags = flags;
	return 0;
}

/* One area after the other from start to end; the first failure stops, as on Linux. */
static int protect_range(struct aspace *as, uint32_t start, uint32_t end, uint32_t prot,
			 struct vma **dead)
{
	uint32_t va = start;

	while (va < end) {
		struct vma *v = vma_find(&as->vmas, va), *next;
		uint32_t stop;
		int err;

		if (!v)
			return -ENOMEM;
		stop = MIN(end, v->end);
		if ((v->flags & VM_PROT) == prot) {
			va = stop;
			continue;
		}
		err = split_at(as, va);
		if (!err)
			err = split_at(as, stop);
		v = vma_find(&as->vmas, va);
		next = vma_next(v);
		va = v->end;
		if (!err)
			err = protect_area(as, v, prot);
		if (next)
			merge_around(as, next, dead);
		merge_around(as, vma_find(&as->vmas, va - 1), dead);
		if (err)
			return err;
	}
	return 0;
}

int aspace_protect(struct aspace *as, uint32_t addr, uint32_t len, uint32_t prot)
{
	struct vma *dead = NULL;
	int err;

	if (addr & ~PAGE_MASK || prot & ~VM_PROT)
		return -EINVAL;
	if (len == 0)
		return 0;
	if (len > USER_END || addr > USER_END - len)
		return -ENOMEM;
	rwlock_write_lock(&as->lock);
	err = protect_range(as, addr, addr + ALIGN_UP(len, PAGE_SIZE), prot, &dead);
	rwlock_write_unlock(&as->lock);
	vma_free_list(dead);
	return err;
}

/* ---- truncating ---- */

/* Empty the entries of v that show b from page first on. */
static void zap_area(struct aspace *as, struct vma *v, uint32_t first)
{
	uint32_t skip = first > v->pgoff ? first - v->pgoff : 0;

	if (skip < (v->end - v->start) >> PAGE_SHIFT)
		pgtable_zap(as, v->start + (skip << PAGE_SHIFT), v->end);
}

void map_zap_backing(struct backing *b, uint32_t first)
{
	struct aspace *as = NULL;

	if (atomic_load(&b->areas) == 0)
		return;
	while ((as = aspace_next(as)) != NULL) {
		rwlock_write_lock(&as->lock);
		for (struct vma *v = vma_first(&as->vmas); v; v = vma_next(v))
			if (v->backing == b)
				zap_area(as, v, first);
		rwlock_write_unlock(&as->lock);
	}
}
