/*
 * brk.c: the break: where the heap ends, to the byte. Its area ends with the page.
 *
 * The heap's pages are memory like any other: mapped here, brought in by faults. Whatever else is mapped
 * below the break goes when the break moves below it.
 */

#include "kernel/abi/errno.h"
#include "mm/area.h"
#include "mm/map.h"
#include "mm/populate.h"

/* Move the end of the heap up to end, which lies on a page. */
static int heap_grow(struct aspace *as, uint32_t old_end, uint32_t end)
{
	struct vma *above = vma_find_from(&as->vmas, old_end);
	struct vma like = {.start = old_end,
			   .end = end,
			   .flags = VM_READ | VM_WRITE | VM_MAYWRITE | VM_HEAP | as->lock_new};

	if (end > user_top || (above && end > vma_guard_start(above)))
		return -ENOMEM;
	if (as->lock_new && !area_may_lock(as, (end - old_end) >> PAGE_SHIFT))
		return -EAGAIN;
	return map_insert_locked(as, &like);
}

static int brk_move(struct aspace *as, uint32_t new_brk, struct vma **dead)
{
	uint32_t old_end = ALIGN_UP(as->brk, PAGE_SIZE);
	uint32_t end = ALIGN_UP(new_brk, PAGE_SIZE);
	int err = 0;

	if (new_brk < as->brk_start || end < new_brk)
		return -EINVAL;
	if (new_brk - as->brk_start > as->data_limit)
		return -ENOMEM;
	if (end < old_end)
		err = map_remove_locked(as, end, old_end, dead);
	else if (end > old_end)
		err = heap_grow(as, old_end, end);
	if (!err)
		as->brk = new_brk;
	return err;
}

/* Unlock the space, whose break was old, and do what may sleep: let go of what fell away, and bring in what came
 * if it is to be locked. */
static void brk_finish(struct aspace *as, uint32_t old, struct vma *dead)
{
	uint32_t brk = as->brk;
	bool populates = as->lock_new;

	rwlock_write_unlock(&as->lock);
	area_free_list(dead);
	if (populates)
		populate_range(as, ALIGN_UP(old, PAGE_SIZE), ALIGN_UP(brk, PAGE_SIZE), true);
}

uint32_t aspace_brk(struct aspace *as, uint32_t new_brk)
{
	struct vma *dead = NULL;
	uint32_t old, brk;

	rwlock_write_lock(&as->lock);
	old = as->brk;
	brk = brk_move(as, new_brk, &dead) == 0 ? new_brk : old;
	brk_finish(as, old, dead);
	return brk;
}

int32_t aspace_sbrk(struct aspace *as, int32_t n, uint32_t align)
{
	struct vma *dead = NULL;
	uint32_t old, from;
	int64_t to; /* Must not wrap around: a step down from a low break would be one far up. */
	int err;

	rwlock_write_lock(&as->lock);
	old = as->brk;
	from = ALIGN_UP(old, align);
	to = (int64_t)from + n;
	err = to < 0 ? -EINVAL : to > USER_END ? -ENOMEM : brk_move(as, (uint32_t)to, &dead);
	brk_finish(as, old, dead);
	return err ? err : (int32_t)from;
}
