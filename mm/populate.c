/*
 * populate.c: see populate.h.
 *
 * The lock is taken for each page anew, so that a large range keeps nobody from changing areas; the area
 * is looked up each time because it may have changed.
 */

#include "mm/populate.h"

#include "kernel/abi/errno.h"
#include "mm/fault_internal.h"

/* What a first touch that helps most would be. */
static enum vm_access best_access(const struct vma *v)
{
	return (v->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE ? ACCESS_WRITE : ACCESS_READ;
}

/* Bring in the page at *va, or go past what needs none, and past the area on failure; *va moves on. */
static int populate_step(struct aspace *as, uint32_t *va)
{
	struct vma *v = vma_find_from(&as->vmas, *va);
	int err = 0;

	if (!v || v->start > *va) {
		*va = v ? v->start : USER_END;
		return 0;
	}
	if (!(v->flags & VM_LOCKONFAULT))
		err = fault_in_locked(as, *va, best_access(v));
	*va = err || v->flags & VM_LOCKONFAULT ? v->end : *va + PAGE_SIZE;
	return err;
}

int populate_range(struct aspace *as, uint32_t start, uint32_t end, bool all)
{
	int err = 0;

	for (uint32_t va = start; va < end && (!err || (all && err != -ENOMEM));) {
		rwlock_read_lock(&as->lock);
		err = populate_step(as, &va);
		rwlock_read_unlock(&as->lock);
	}
	return err;
}

static int populate_page(struct aspace *as, uint32_t va, enum vm_access access)
{
	struct vma *v = vma_find(&as->vmas, va);
	int err;

	if (!v)
		return -ENOMEM;
	if (!(v->flags & (access == ACCESS_WRITE ? VM_WRITE : VM_READ)))
		return -EINVAL;
	err = fault_in_locked(as, va, access);
	return err && err != -ENOMEM ? -EFAULT : err;
}

int populate_for(struct aspace *as, uint32_t start, uint32_t end, enum vm_access access)
{
	int err = 0;

	for (uint32_t va = start; va < end && !err; va += PAGE_SIZE) {
		rwlock_read_lock(&as->lock);
		err = populate_page(as, va, access);
		rwlock_read_unlock(&as->lock);
	}
	return err;
}
