/*
 * sys_mm.c: the memory calls: Linux's checks of arguments, in Linux's order, in front of
 * mm/aspace.h.
 */

#include "kernel/syscall.h"

#include "arch/x86/uaccess.h"
#include "fs/fdtable.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/mman.h"
#include "kernel/proc.h"

#define PROT_KNOWN (PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)

/* Flags newer than MAP_SHARED_VALIDATE, which wants to hear of those that the file does not know. */
#define MAP_UNKNOWN_TO_VALIDATE (MAP_SYNC | MAP_FIXED_NOREPLACE)

/* ---- mmap ---- */

static uint32_t vmflags_of(uint32_t prot, uint32_t flags)
{
	uint32_t vm = prot & VM_PROT;

	if (flags & MAP_SHARED)
		vm |= VM_SHARED;
	if (flags & MAP_GROWSDOWN)
		vm |= VM_GROWSDOWN;
	if (flags & MAP_NORESERVE && vm_overcommit_memory != 2)
		vm |= VM_NORESERVE;
	if (flags & MAP_LOCKED)
		vm |= VM_LOCKED;
	return vm | VM_MAYWRITE;
}

static uint32_t how_of(uint32_t flags)
{
	uint32_t how = 0;

	if (flags & MAP_FIXED)
		how |= MAP_HOW_FIXED;
	if (flags & MAP_FIXED_NOREPLACE)
		how |= MAP_HOW_NOREPLACE;
	if (flags & MAP_POPULATE && !(flags & MAP_NONBLOCK))
		how |= MAP_HOW_POPULATE;
	return how;
}

/* What may be done with a mapping of this file follows from how it was opened: adjusts *vm. */
static int check_file_access(const struct file *f, uint32_t *vm)
{
	uint32_t mode = f->flags & O_ACCMODE;

	if (mode == O_WRONLY)
		return -EACCES;
	if (!(*vm & VM_SHARED))
		return 0;
	if (*vm & VM_WRITE && mode != O_RDWR)
		return -EACCES;
	if (mode != O_RDWR)
		*vm &= ~VM_MAYWRITE;
	return 0;
}

static int32_t map_file(struct file *f, uint32_t addr, uint32_t len, uint32_t vm, uint32_t how,
			uint32_t pgoff)
{
	struct backing *backing;
	int err = check_file_access(f, &vm);

	if (err)
		return err;
	if (!f->ops->mmap && !f->ops->maps_anonymous)
		return -ENODEV;
	if (vm & VM_GROWSDOWN)
		return -EINVAL;
	backing = f->ops->mmap ? f->ops->mmap(f) : NULL;
	return aspace_map(thread_current()->aspace, addr, len, vm, how, backing, pgoff);
}

static int check_length(uint32_t len, uint32_t pgoff)
{
	uint32_t pages = ALIGN_UP(len, PAGE_SIZE) >> PAGE_SHIFT;

	if (len == 0)
		return -EINVAL;
	if (pages == 0 || len > USER_END)
		return -ENOMEM;
	return pgoff + pages < pgoff ? -EOVERFLOW : 0;
}

static int check_type(uint32_t flags)
{
	uint32_t type = flags & MAP_TYPE;

	if (flags & MAP_HUGETLB)
		return -EINVAL; /* There are no huge pages to be had. */
	if (type == MAP_SHARED && flags & MAP_ANONYMOUS && flags & MAP_GROWSDOWN)
		return -EINVAL;
	if (type == MAP_SHARED || type == MAP_PRIVATE)
		return 0;
	if (type != MAP_SHARED_VALIDATE || flags & MAP_ANONYMOUS)
		return -EINVAL;
	return flags & MAP_UNKNOWN_TO_VALIDATE ? -ENOTSUP : 0;
}

int32_t sys_mmap2(uint32_t addr, uint32_t len, uint32_t prot, uint32_t flags, uint32_t fd,
		  uint32_t pgoff)
{
	uint32_t vm = vmflags_of(prot, flags), how = how_of(flags);
	struct aspace *as = thread_current()->aspace;
	struct file *f = NULL;
	int32_t result;

	if (!(flags & MAP_ANONYMOUS)) {
		f = fd_get(proc_current()->files, fd);
		if (!f)
			return -EBADF;
	}
	result = f && f->flags & O_PATH ? -EBADF : check_length(len, f ? pgoff : 0);
	if (!result)
		result = aspace_check_place(as, addr, len, how);
	if (!result)
		result = check_type(flags);
	if (!result && f)
		result = map_file(f, addr, len, vm, how, pgoff);
	else if (!result)
		result = aspace_map(as, addr, len, vm, how, NULL, 0);
	if (f)
		file_put(f);
	return result;
}

/* ---- the others ---- */

int32_t sys_munmap(uint32_t addr, uint32_t len)
{
	return aspace_unmap(thread_current()->aspace, addr, len);
}

/* With PROT_GROWSDOWN the change begins where the first growing area of the range does. */
static int grow_range_down(uint32_t *addr, uint32_t *len)
{
	struct aspace *as = thread_current()->aspace;
	struct vma *v;
	int err = 0;

	rwlock_read_lock(&as->lock);
	v = vma_find_from(&as->vmas, *addr);
	if (!v || v->start >= *addr + *len) {
		err = -ENOMEM;
	} else if (!(v->flags & VM_GROWSDOWN)) {
		err = -EINVAL;
	} else {
		*len += *addr - v->start;
		*addr = v->start;
	}
	rwlock_read_unlock(&as->lock);
	return err;
}

int32_t sys_mprotect(uint32_t addr, uint32_t len, uint32_t prot)
{
	uint32_t grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
	int err;

	prot &= ~grows;
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP))
		return -EINVAL;
	if (addr & (PAGE_SIZE - 1))
		return -EINVAL;
	if (len == 0)
		return 0;
	if (len > USER_END)
		return -ENOMEM;
	if (prot & ~PROT_KNOWN || grows & PROT_GROWSUP)
		return -EINVAL; /* No area grows upwards. */
	if (grows & PROT_GROWSDOWN) {
		len = ALIGN_UP(len, PAGE_SIZE);
		err = grow_range_down(&addr, &len);
		if (err)
			return err;
	}
	return aspace_protect(thread_current()->aspace, addr, len, prot & VM_PROT);
}

int32_t sys_brk(uint32_t brk)
{
	return (int32_t)aspace_brk(thread_current()->aspace, brk);
}

int32_t sys_mremap(uint32_t addr, uint32_t old_len, uint32_t new_len, uint32_t flags, uint32_t dst)
{
	uint32_t how = 0;

	if (flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP))
		return -EINVAL;
	if (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	old_len = ALIGN_UP(old_len, PAGE_SIZE);
	new_len = ALIGN_UP(new_len, PAGE_SIZE);
	if (flags & MREMAP_DONTUNMAP && (!(flags & MREMAP_MAYMOVE) || old_len != new_len))
		return -EINVAL;
	if (addr & (PAGE_SIZE - 1) || new_len == 0)
		return -EINVAL;
	if (flags & MREMAP_MAYMOVE)
		how |= REMAP_MAY_MOVE;
	if (flags & MREMAP_FIXED)
		how |= REMAP_FIXED;
	if (flags & MREMAP_DONTUNMAP)
		how |= REMAP_KEEP_OLD;
	return aspace_remap(thread_current()->aspace, addr, old_len, new_len, how, dst);
}

int32_t sys_msync(uint32_t addr, uint32_t len, uint32_t flags)
{
	uint32_t end = addr + ALIGN_UP(len, PAGE_SIZE);

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || (flags & MS_ASYNC && flags & MS_SYNC))
		return -EINVAL;
	if (addr & (PAGE_SIZE - 1))
		return -EINVAL;
	if (end < addr)
		return -ENOMEM;
	return aspace_sync(thread_current()->aspace, addr, end, flags);
}
