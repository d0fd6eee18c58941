/* protect.c: mprotect: the rights of areas and of the pages they show changed together. */

#include "kernel/abi/errno.h"
#include "mm/area.h"
#include "mm/fault_internal.h"
#include "mm/pgtable.h"
#include "mm/vmtrace.h"

/* Give the whole of v, whose borders are where they should be, the rights prot. */
static int protect_area(struct aspace *as, struct vma *v, uint32_t prot)
{
	uint32_t flags = area_account_flags((v->flags & ~VM_PROT) | prot);
	uint32_t pages = (v->end - v->start) >> PAGE_SHIFT;
	uint32_t charge = flags & ~v->flags & VM_ACCOUNTED ? pages : 0;
	int err;

	if (prot & VM_WRITE && !(v->flags & VM_MAYWRITE))
		return -EACCES;
	if (area_is_data(flags) && !area_is_data(v->flags) &&
	    as->data_pages + pages > as->data_limit >> PAGE_SHIFT)
		return -ENOMEM;
	err = commit_charge(charge);
	if (err)
		return err;
	err = pgtable_protect(as, v->start, v->end, prot);
	if (err) {
		commit_uncharge(charge);
		return err;
	}
	vmtrace(VMTRACE_MPROTECT, as, v->start, v->flags, flags, v->end - v->start);
	area_recount(as, v->flags, flags, pages);
	v->flags = flags;
	return 0;
}

/* Nobody waits for a page of locked memory: those that may be written now are copied now. Where one cannot
 * be had, a store will find out. */
static void copy_locked(struct aspace *as, const struct vma *v)
{
	uint32_t va = v->start;

	while (va < v->end && fault_in_locked(as, va, ACCESS_WRITE) == 0)
		va += PAGE_SIZE;
}

static bool is_locked_private(const struct vma *v)
{
	return (v->flags & (VM_LOCKED | VM_LOCKONFAULT | VM_SHARED)) == VM_LOCKED;
}

static int protect_part(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, void *prot)
{
	uint32_t before = v->flags;
	int err;

	if ((before & VM_PROT) == *(uint32_t *)prot)
		return 0;
	err = area_isolate(as, &v, start, end);
	if (!err)
		err = protect_area(as, v, *(uint32_t *)prot);
	if (!err && v->flags & ~before & VM_WRITE && is_locked_private(v))
		copy_locked(as, v);
	area_join(as, v);
	return err;
}

/* One area after the other; the first failure or hole stops, as on Linux. */
int aspace_protect(struct aspace *as, uint32_t addr, uint32_t len, uint32_t prot)
{
	uint32_t end = addr + ALIGN_UP(len, PAGE_SIZE);
	int err;

	if (addr & ~PAGE_MASK || prot & ~VM_PROT)
		return -EINVAL;
	if (len == 0)
		return 0;
	if (len > USER_END || addr > USER_END - len)
		return -ENOMEM;
	rwlock_write_lock(&as->lock);
	err = area_each(as, addr, end, false, protect_part, &prot);
	rwlock_write_unlock(&as->lock);
	return err;
}
