/*
 * sys_advise.c: what a program says about its memory and asks of it: madvise, mlock, mincore. Linux's checks
 * of arguments, in Linux's order, in front of mm/aspace.h.
 */

#include "arch/x86/uaccess.h"
#include "fs/caller.h"
#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/mman.h"
#include "kernel/syscall.h"
#include "mm/kmalloc.h"
#include "mm/populate.h"

/* ---- madvise ---- */

static bool advice_is_known(uint32_t advice)
{
	return advice <= MADV_DONTNEED || (advice >= MADV_FREE && advice <= MADV_DOFORK) ||
	       (advice >= MADV_DONTDUMP && advice <= MADV_DONTNEED_LOCKED);
}

int32_t sys_madvise(uint32_t addr, uint32_t len, uint32_t advice)
{
	struct aspace *as = thread_current()->aspace;
	uint32_t rounded = ALIGN_UP(len, PAGE_SIZE), end = addr + rounded;

	if (!advice_is_known(advice) || addr & (PAGE_SIZE - 1))
		return -EINVAL;
	if ((len && !rounded) || end < addr)
		return -EINVAL;
	if (end == addr)
		return 0;
	switch (advice) {
	case MADV_POPULATE_READ:
		return populate_for(as, addr, end, ACCESS_READ);
	case MADV_POPULATE_WRITE:
		return populate_for(as, addr, end, ACCESS_WRITE);
	case MADV_REMOVE:
		return aspace_remove_pages(as, addr, end);
	default:
		return aspace_advise(as, addr, end, advice);
	}
}

/* ---- mlock ---- */

static bool may_lock(void)
{
	return thread_current()->aspace->lock_limit != 0;
}

/* Whole pages that hold [addr, addr + len). */
static int32_t lock_range(uint32_t addr, uint32_t len, uint32_t lock_bits)
{
	uint32_t start = ALIGN_DOWN(addr, PAGE_SIZE);
	uint32_t end = start + ALIGN_UP(len + (addr - start), PAGE_SIZE);

	if (end < start)
		return -EINVAL;
	return aspace_lock(thread_current()->aspace, start, end, lock_bits);
}

int32_t sys_mlock2(uint32_t addr, uint32_t len, uint32_t flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	if (!may_lock())
		return -EPERM;
	return lock_range(addr, len, flags ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED);
}

int32_t sys_munlock(uint32_t addr, uint32_t len)
{
	return lock_range(addr, len, 0);
}

int32_t sys_mlockall(uint32_t flags)
{
	uint32_t bits = flags & MCL_ONFAULT ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED;

	if (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || (flags & ~MCL_ONFAULT) == 0)
		return -EINVAL;
	if (!may_lock())
		return -EPERM;
	return aspace_lock_all(thread_current()->aspace, flags & MCL_CURRENT, flags & MCL_FUTURE,
			       bits);
}

int32_t sys_munlockall(void)
{
	return aspace_lock_all(thread_current()->aspace, false, false, 0);
}

/* ---- mincore ---- */

/* Who could write a file may learn which of its pages are in memory: others could spy by it. */
static bool may_tell(struct backing *b)
{
	struct fs_caller c = caller_current();
	struct inode *inode;

	if (!backing_is_inode(b))
		return true;
	inode = inode_of_backing(b);
	return inode_is_owner(inode, &c) || inode_permission(inode, &c, MAY_WRITE) == 0;
}

int32_t sys_mincore(uint32_t addr, uint32_t len, uint32_t vec)
{
	uint32_t left = DIV_ROUND_UP((uint64_t)len, PAGE_SIZE);
	uint8_t *buf;
	int err = 0;

	if (addr & (PAGE_SIZE - 1))
		return -EINVAL;
	if (len > USER_END || addr > USER_END - len)
		return -ENOMEM;
	if (left > USER_END || vec > USER_END - left)
		return -EFAULT;
	buf = kmalloc(PAGE_SIZE);
	if (!buf)
		return -EAGAIN;
	while (left > 0 && !err) {
		uint32_t count = MIN(left, PAGE_SIZE);

		err = aspace_residence(thread_current()->aspace, addr, count, buf, may_tell);
		if (!err && copy_to_user((void __user *)vec, buf, count))
			err = -EFAULT;
		addr += count << PAGE_SHIFT;
		vec += count;
		left -= count;
	}
	kfree(buf);
	return err;
}
