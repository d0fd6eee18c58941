/*
 * lock.c: mlock and its kin: areas whose pages are brought in and then stay in memory.
 *
 * The lock is a flag of the area, and PTE_LOCKED of each entry there that has a frame: who looks for pages to
 * evict comes from the frames, sees the entries only, and leaves those alone. A child of fork inherits none, and
 * as->locked_pages counts them against RLIMIT_MEMLOCK.
 */

#include "kernel/abi/errno.h"
#include "mm/area.h"
#include "mm/pgtable.h"
#include "mm/populate.h"

/* What fails leaves the part as it was: its tables are our own once they have been changed. */
static int lock_part(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, void *bits)
{
	uint32_t before = v->flags, flags = (v->flags & ~VM_LOCK_BITS) | *(uint32_t *)bits;
	bool differs = (before ^ flags) & VM_LOCKED;
	int err = differs ? pgtable_keep(as, start, end, flags & VM_LOCKED) : 0;

	if (err)
		return err;
	err = area_set_flags(as, v, start, end, flags);
	if (err && differs)
		pgtable_keep(as, start, end, before & VM_LOCKED);
	return err;
}

static int add_locked(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, void *pages)
{
	(void)as;
	*(uint32_t *)pages += v->flags & VM_LOCKED ? (end - start) >> PAGE_SHIFT : 0;
	return 0;
}

/* Would locking all of [start, end) keep to the limit? What is locked there already costs nothing more. */
static bool lock_fits(struct aspace *as, uint32_t start, uint32_t end)
{
	uint32_t already = 0;

	area_each(as, start, end, true, add_locked, &already);
	return area_may_lock(as, ((end - start) >> PAGE_SHIFT) - already);
}

int aspace_lock(struct aspace *as, uint32_t start, uint32_t end, uint32_t lock_bits)
{
	int err = -ENOMEM;

	rwlock_write_lock(&as->lock);
	if (!lock_bits || lock_fits(as, start, end))
		err = area_each(as, start, end, false, lock_part, &lock_bits);
	rwlock_write_unlock(&as->lock);
	if (err || !lock_bits)
		return err;
	err = populate_range(as, start, end, false);
	if (err)
		return err == -ENOMEM ? -EAGAIN : -ENOMEM;
	return 0;
}

int aspace_lock_all(struct aspace *as, bool current, bool future, uint32_t lock_bits)
{
	uint32_t limit = as->lock_limit == UINT32_MAX ? UINT32_MAX : as->lock_limit >> PAGE_SHIFT;
	int err = 0;

	rwlock_write_lock(&as->lock);
	if (current && lock_bits && as->vmas.pages > limit)
		err = -ENOMEM;
	if (!err)
		as->lock_new = future ? lock_bits : 0;
	if (!err &&
	    (current || !future)) /* What cannot be cut for want of memory stays unlocked. */
		area_each(as, 0, USER_END, true, lock_part, &lock_bits);
	rwlock_write_unlock(&as->lock);
	if (!err && current)
		populate_range(as, 0, USER_END, true);
	return err;
}
