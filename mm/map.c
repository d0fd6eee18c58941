/*
 * map.c: mmap and munmap: areas and page tables changed together.
 *
 * The order is always the same: check, reserve what can fail (areas for a split, copies of shared page
 * tables), then change pages, then areas. So a failure leaves everything as it was.
 */

#include "mm/map.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/area.h"
#include "mm/backing.h"
#include "mm/pgtable.h"
#include "mm/populate.h"
#include "mm/shm.h"
#include "mm/vmtrace.h"

/* ---- adding ---- */

int map_insert_locked(struct aspace *as, struct vma *like)
{
	uint32_t pages = (like->end - like->start) >> PAGE_SHIFT;
	struct vma *v;

	like->flags = area_account_flags(like->flags);
	if (as->vmas.count >= vm_max_map_count || area_charge(as, like->flags, pages) != 0)
		return -ENOMEM;
	v = area_alloc(like);
	if (!v) {
		area_uncharge(as, like->flags, pages);
		return -ENOMEM;
	}
	vma_insert(&as->vmas, v);
	vmtrace(VMTRACE_MMAP, as, v->start, 0, v->flags, v->end - v->start);
	area_join(as, v);
	return 0;
}

/* May a mapping be at just this place? */
static int check_place(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how)
{
	if (!(how & (MAP_HOW_FIXED | MAP_HOW_NOREPLACE)))
		return 0;
	if (addr & ~PAGE_MASK)
		return -EINVAL;
	if (!user_range_fits(addr, len))
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

	if (!(how & (MAP_HOW_FIXED | MAP_HOW_NOREPLACE)))
		return 0;
	rwlock_read_lock(&as->lock);
	err = check_place(as, addr, ALIGN_UP(len, PAGE_SIZE), how);
	rwlock_read_unlock(&as->lock);
	return err;
}

int32_t map_choose_address(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how)
{
	const struct vma *above;
	uint32_t start;
	int err;

	if (how & (MAP_HOW_FIXED | MAP_HOW_NOREPLACE)) {
		err = check_place(as, addr, len, how);
		return err ? err : (int32_t)addr;
	}
	addr = ALIGN_DOWN(addr, PAGE_SIZE);
	if (addr >= MMAP_MIN_ADDR && user_range_fits(addr, len)) {
		above = vma_find_from(&as->vmas, addr);
		if (!above || addr + len <= vma_guard_start(above))
			return (int32_t)addr;
	}
	start = vma_find_gap(&as->vmas, len, MMAP_MIN_ADDR, as->mmap_top);
	if (!start) /* The usual room is used up: also above, where the stack would grow. */
		start = vma_find_gap(&as->vmas, len, MMAP_MIN_ADDR, user_top);
	return start ? (int32_t)start : -ENOMEM;
}

/* Will [start, end) with flags fit the limits once what is there has gone? Asked before it goes. */
static int check_replacement(struct aspace *as, uint32_t start, uint32_t end, uint32_t flags)
{
	uint32_t pages = as->vmas.pages, data = as->data_pages, more = (end - start) >> PAGE_SHIFT;

	for (struct vma *v = vma_find_from(&as->vmas, start); v && v->start < end; v = v->next) {
		uint32_t gone = (MIN(v->end, end) - MAX(v->start, start)) >> PAGE_SHIFT;

		pages -= gone;
		data -= area_is_data(v->flags) ? gone : 0;
	}
	if (pages + more > as->as_limit >> PAGE_SHIFT)
		return -ENOMEM;
	return !area_is_data(flags) || data + more <= as->data_limit >> PAGE_SHIFT ? 0 : -ENOMEM;
}

/* May the new area be locked, if it is to be? */
static int check_lock(const struct aspace *as, uint32_t asked, uint32_t flags, uint32_t len)
{
	if (!(flags & VM_LOCKED))
		return 0;
	if (asked & VM_LOCKED && as->lock_limit == 0)
		return -EPERM;
	return area_may_lock(as, len >> PAGE_SHIFT) ? 0 : -EAGAIN;
}

/* like is the new area; its place is found here. */
static int32_t map_locked(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how,
			  struct vma *like, struct vma **dead)
{
	uint32_t asked = like->flags;
	int32_t start = map_choose_address(as, addr, len, how);
	int err;

	if (IS_MAP_ERROR(start))
		return start;
	like->start = (uint32_t)start;
	like->end = like->start + len;
	like->flags |= as->lock_new;
	err = check_lock(as, asked, like->flags, len);
	if (!err && how & MAP_HOW_FIXED)
		err = check_replacement(as, like->start, like->end, like->flags);
	if (!err && how & MAP_HOW_FIXED)
		err = map_remove_locked(as, like->start, like->end, dead);
	if (!err)
		err = map_insert_locked(as, like);
	return err ? err : start;
}

int32_t aspace_map(struct aspace *as, uint32_t addr, uint32_t len, uint32_t vmflags, uint32_t how,
		   struct backing *backing, uint32_t pgoff)
{
	struct backing *shared = NULL;
	struct vma *dead = NULL, like;
	int32_t result;

	if (len == 0)
		return -EINVAL;
	if (len > USER_END)
		return -ENOMEM;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (!backing && vmflags & VM_SHARED) {
		backing = shared = shm_create(len >> PAGE_SHIFT,
					      vmflags & VM_NORESERVE ? 0 : len >> PAGE_SHIFT);
		if (!backing)
			return -ENOMEM;
		pgoff = 0;
	}
	like.flags = vmflags;
	like.backing = backing;
	like.pgoff = pgoff;
	rwlock_write_lock(&as->lock);
	result = map_locked(as, addr, len, how, &like, &dead);
	rwlock_write_unlock(&as->lock);
	area_free_list(dead);
	if (shared)
		shared->ops->put(shared);
	if (!IS_MAP_ERROR(result) && (how & MAP_HOW_POPULATE || like.flags & VM_LOCKED))
		populate_range(as, like.start, like.end, true);
	return result;
}

/* ---- removing ---- */

void map_find_borders(struct aspace *as, uint32_t start, uint32_t end, uint32_t *floor,
		      uint32_t *ceiling)
{
	struct vma *v = vma_find_from(&as->vmas, start), *prev = v ? v->prev : vma_last(&as->vmas);

	*floor = v && v->start < start ? start : prev ? prev->end : 0;
	while (v && v->end <= end)
		v = v->next;
	*ceiling = v ? MAX(v->start, end) : USER_END;
}

/* Unmap [start, end), where v is the first of the areas, all of which lie in it. As map_remove_locked. */
static int remove_areas(struct aspace *as, struct vma *v, uint32_t start, uint32_t end,
			struct vma **dead)
{
	struct vma *above = v->next, *next;
	int err;

	while (above && above->start < end)
		above = above->next;
	err = pgtable_unmap(as, start, end, v->prev ? v->prev->end : 0,
			    above ? above->start : USER_END);
	if (err)
		return err;
	vmtrace(VMTRACE_MUNMAP, as, start, 0, 0, end - start);
	for (; v != above; v = next) {
		next = v->next;
		area_uncharge(as, v->flags, (v->end - v->start) >> PAGE_SHIFT);
		vma_remove(&as->vmas, v);
		area_bury(v, dead);
	}
	return 0;
}

int map_remove_locked(struct aspace *as, uint32_t start, uint32_t end, struct vma **dead)
{
	struct vma *v = vma_find_from(&as->vmas, start);
	int err;

	if (!v || v->start >= end)
		return 0;
	err = area_isolate(as, &v, start, end);
	if (!err)
		err = remove_areas(as, v, start, end, dead);
	if (err) {
		area_join_at(as, start);
		area_join_at(as, end);
	}
	return err;
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
	area_free_list(dead);
	return err;
}

/* The lowest area from va on that is part of one of this kind mapped whole at addr, and of only (NULL:
 * any such); NULL: none. */
static struct vma *find_part(struct aspace *as, uint32_t va, uint32_t addr,
			     const struct backing_ops *kind, const struct backing *only)
{
	struct vma *v = vma_find_from(&as->vmas, va);

	for (; v; v = v->next)
		if (v->start >= addr && v->backing && v->backing->ops == kind &&
		    v->pgoff == (v->start - addr) >> PAGE_SHIFT && (!only || v->backing == only))
			return v;
	return NULL;
}

int aspace_detach(struct aspace *as, uint32_t addr, const struct backing_ops *kind)
{
	struct vma *dead = NULL, *v;
	const struct backing *b;
	uint32_t va, size;
	int err = 0;

	rwlock_write_lock(&as->lock);
	v = find_part(as, addr, addr, kind, NULL);
	b = v ? v->backing : NULL;
	size = b ? b->size_pages << PAGE_SHIFT : 0;
	while (v && v->end - addr <= size && !err) {
		va = v->end;
		err = map_remove_locked(as, v->start, v->end, &dead);
		v = find_part(as, va, addr, kind, b);
	}
	rwlock_write_unlock(&as->lock);
	area_free_list(dead);
	return b ? err : -EINVAL;
}

/* ---- when a backing loses pages ---- */

/* Empty the entries of v that show pages [first, end) of its backing. */
static void zap_area(struct aspace *as, struct vma *v, uint32_t first, uint32_t end, bool copies)
{
	uint32_t top = v->pgoff + ((v->end - v->start) >> PAGE_SHIFT);

	first = MAX(first, v->pgoff);
	end = MIN(end, top);
	if (first < end)
		pgtable_zap(as, v->start + ((first - v->pgoff) << PAGE_SHIFT),
			    v->start + ((end - v->pgoff) << PAGE_SHIFT), copies);
}

void map_zap_backing(struct backing *b, uint32_t first, uint32_t end, bool copies)
{
	struct aspace *as = NULL;

	if (atomic_load(&b->areas) == 0)
		return;
	while ((as = aspace_next(as)) != NULL) {
		rwlock_write_lock(&as->lock);
		for (struct vma *v = vma_first(&as->vmas); v; v = v->next)
			if (v->backing == b)
				zap_area(as, v, first, end, copies);
		rwlock_write_unlock(&as->lock);
	}
}
