/*
 * remap.c: mremap: an area grows, shrinks or moves, and its pages go with it.
 *
 * A move makes the new area, hands the page table's entries over (whole tables where both ends lie on 4 MiB),
 * then lets the old area go. What can fail comes before the entries move. What the old area cost passes to
 * the new one, so only growth is charged.
 */

#include "kernel/abi/errno.h"
#include "mm/area.h"
#include "mm/map.h"
#include "mm/pgtable.h"
#include "mm/populate.h"
#include "mm/vmtrace.h"

struct remap {
	struct aspace *as;
	uint32_t addr, old_len, new_len; /* old_len 0: a second view of a shared area. */
	uint32_t how, dst;		 /* REMAP_*. */
	struct vma *v;			 /* Holds addr. */
	struct vma *dead;
};

/* The page of the backing that addr shows. */
static uint32_t first_page(const struct remap *r)
{
	return r->v->backing ? r->v->pgoff + ((r->addr - r->v->start) >> PAGE_SHIFT) : 0;
}

/* Find the area and see whether it may become new_len long. */
static int check_resize(struct remap *r)
{
	uint32_t more = r->new_len > r->old_len ? r->new_len - r->old_len : 0;

	r->v = vma_find(&r->as->vmas, r->addr);
	if (!r->v)
		return -EFAULT;
	if (r->old_len == 0 && !(r->v->flags & VM_SHARED))
		return -EINVAL;
	if (r->old_len > r->v->end - r->addr)
		return -EFAULT;
	if (more == 0)
		return 0;
	if (first_page(r) + (r->new_len >> PAGE_SHIFT) < first_page(r))
		return -EINVAL;
	if (r->v->flags & VM_LOCKED && !area_may_lock(r->as, more >> PAGE_SHIFT))
		return -EAGAIN;
	return 0;
}

/* ---- moving ---- */

/* Hand [addr, addr + old_len), an area of its own, over to fresh. 0, or -ENOMEM with nothing changed. */
static int hand_over(struct remap *r, struct vma *fresh)
{
	struct aspace *as = r->as;
	uint32_t end = r->addr + r->old_len, floor, ceiling;
	int err = pgtable_move(as, r->addr, fresh->start, r->old_len);

	if (err)
		return err;
	if (r->how & REMAP_KEEP_OLD) {
		area_recount(as, r->v->flags, r->v->flags & ~VM_LOCK_BITS,
			     r->old_len >> PAGE_SHIFT);
		r->v->flags &= ~VM_LOCK_BITS;
		return 0;
	}
	vma_remove(&as->vmas, r->v);
	area_bury(r->v, &r->dead);
	map_find_borders(as, r->addr, end, &floor, &ceiling);
	return pgtable_unmap(as, r->addr, end, floor, ceiling); /* Empty tables: cannot fail. */
}

/* Make the area at dst, where there is room, and fill it from the old one. */
static int move_pages(struct remap *r, uint32_t dst)
{
	struct aspace *as = r->as;
	bool adds_all = r->old_len == 0 || r->how & REMAP_KEEP_OLD;
	uint32_t pages = (r->new_len - (adds_all ? 0 : r->old_len)) >> PAGE_SHIFT;
	struct vma like = *r->v, *fresh;
	int err;

	like.start = dst;
	like.end = dst + r->new_len;
	like.pgoff = first_page(r);
	like.flags &= ~(VM_HEAP | VM_STACK);
	if (area_charge(as, like.flags, pages) != 0)
		return -ENOMEM;
	fresh = area_alloc(&like);
	err = fresh ? 0 : -ENOMEM;
	if (!err && r->old_len)
		err = area_isolate(as, &r->v, r->addr, r->addr + r->old_len);
	if (!err) {
		vma_insert(&as->vmas, fresh);
		err = r->old_len ? hand_over(r, fresh) : 0;
		if (err)
			vma_remove(&as->vmas, fresh);
	}
	if (err) {
		area_uncharge(as, like.flags, pages);
		if (fresh)
			area_free(fresh); /* The old area holds the same backing. */
	}
	return err;
}

static int32_t move(struct remap *r, uint32_t hint, uint32_t map_how)
{
	struct aspace *as = r->as;
	int32_t dst;
	int err;

	if (as->vmas.count + 3 >= vm_max_map_count)
		return -ENOMEM;
	dst = map_choose_address(as, hint, r->new_len, map_how);
	err = IS_MAP_ERROR(dst) ? dst : move_pages(r, (uint32_t)dst);
	area_join_at(as, r->addr);
	area_join_at(as, r->addr + r->old_len);
	if (err)
		return err;
	area_join_at(as, (uint32_t)dst);
	area_join_at(as, (uint32_t)dst + r->new_len);
	return dst;
}

static int check_place(const struct remap *r)
{
	if (r->dst & ~PAGE_MASK || !user_range_fits(r->dst, r->new_len))
		return -EINVAL;
	if (r->addr + r->old_len > r->dst && r->dst + r->new_len > r->addr)
		return -EINVAL;
	return 0;
}

/* MREMAP_FIXED and MREMAP_DONTUNMAP: what is at dst goes once all else is found to be right. */
static int32_t move_to(struct remap *r)
{
	bool fixed = r->how & REMAP_FIXED;
	int err = check_resize(r);

	if (!err && fixed)
		err = map_remove_locked(r->as, r->dst, r->dst + r->new_len, &r->dead);
	if (!err && r->old_len > r->new_len) {
		err = map_remove_locked(r->as, r->addr + r->new_len, r->addr + r->old_len,
					&r->dead);
		r->old_len = r->new_len;
	}
	if (!err)
		err = check_resize(r);
	return err ? err : move(r, r->dst, fixed ? MAP_HOW_FIXED : 0);
}

/* ---- in place ---- */

static int32_t shrink(struct remap *r)
{
	uint32_t from = r->addr + r->new_len, len = r->old_len - r->new_len;
	int err = 0;

	if (len && (from > USER_END || len > USER_END - from))
		return -EINVAL;
	if (len)
		err = map_remove_locked(r->as, from, from + len, &r->dead);
	return err ? err : (int32_t)r->addr;
}

static bool has_room_above(const struct remap *r, uint32_t more)
{
	uint32_t end = r->v->end;

	return r->addr + r->old_len == end && more <= user_top - end &&
	       !vma_overlaps(&r->as->vmas, end, end + more);
}

static int32_t grow(struct remap *r)
{
	uint32_t more = r->new_len - r->old_len, end;
	int err = check_resize(r);

	if (err)
		return err;
	if (!has_room_above(r, more))
		return r->how & REMAP_MAY_MOVE ? move(r, 0, 0) : -ENOMEM;
	if (area_charge(r->as, r->v->flags, more >> PAGE_SHIFT) != 0)
		return -ENOMEM;
	end = r->v->end + more;
	vma_resize(&r->as->vmas, r->v, r->v->start, end, r->v->pgoff);
	area_join_at(r->as, end);
	return (int32_t)r->addr;
}

static int32_t remap_locked(struct remap *r)
{
	bool placed = r->how & (REMAP_FIXED | REMAP_KEEP_OLD);
	int err = placed ? check_place(r) : 0;

	if (err)
		return err;
	if (!vma_find(&r->as->vmas, r->addr))
		return -EFAULT;
	if (placed)
		return move_to(r);
	return r->old_len >= r->new_len ? shrink(r) : grow(r);
}

int32_t aspace_remap(struct aspace *as, uint32_t addr, uint32_t old_len, uint32_t new_len,
		     uint32_t how, uint32_t dst)
{
	struct remap r = {.as = as,
			  .addr = addr,
			  .old_len = old_len,
			  .new_len = new_len,
			  .how = how,
			  .dst = dst};
	bool populates = false;
	int32_t result;

	rwlock_write_lock(&as->lock);
	result = remap_locked(&r);
	if (!IS_MAP_ERROR(result))
		vmtrace(VMTRACE_MREMAP, as, addr, old_len, (uint32_t)result, new_len);
	if (!IS_MAP_ERROR(result) && new_len > old_len)
		populates = vma_find(&as->vmas, (uint32_t)result)->flags & VM_LOCKED;
	rwlock_write_unlock(&as->lock);
	area_free_list(r.dead);
	if (populates)
		populate_range(as, (uint32_t)result + old_len, (uint32_t)result + new_len, true);
	return result;
}
