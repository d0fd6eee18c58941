/*
 * sys_course.c: the calls that only one of the source systems has: kernel/abi/course.h.
 *
 * Each is a few lines over what Linux's calls are made of. Where those systems keep a bit in a page table entry
 * or a list in the process, the area has a label here (mm/label.h): fork, exit and a partial munmap treat it
 * right without knowing of it.
 *
 * Lock: labels_lock, before the space's, so that no two areas get the same label.
 */

#include "kernel/syscall.h"

#include "arch/x86/uaccess.h"
#include "drivers/block.h"
#include "fs/fdtable.h"
#include "fs/inode.h"
#include "kernel/abi/course.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/mman.h"
#include "kernel/cred.h"
#include "kernel/proc.h"
#include "kernel/sync/mutex.h"
#include "mm/label.h"
#include "mm/pmm.h"
#include "mm/report.h"
#include "mm/swap.h"
#include "mm/vmstat.h"

#define GUARD_PAGES 1u		  /* Of the room below the stack; xv6 has one there. */
#define LABEL_SHARED VM_LABEL_MAX /* mapshared's page; labels below are ids of mapped files. */
#define HEAP_FLAGS (VM_READ | VM_WRITE | VM_MAYWRITE)

_Static_assert(COURSE_PTE_M == ENTRY_MAPPED && COURSE_PTE_S == ENTRY_LABEL, "two names of one bit");

static struct mutex labels_lock = MUTEX_INIT(labels_lock, RANK_PROC);

static struct aspace *current_aspace(void)
{
	return thread_current()->aspace;
}

/* ---- IIT Jodhpur ---- */

int32_t sys_course_numvp(void)
{
	/* lab counts: how many pages do all areas have together? The stack's guard page counts, too. */
	return (int32_t)(atomic_load(&current_aspace()->vmas.pages) + GUARD_PAGES);
	/* lab end: return -ENOSYS; */
}

int32_t sys_course_numpp(void)
{
	return (int32_t)aspace_entries(current_aspace());
}

int32_t sys_course_getptsize(void)
{
	return (int32_t)report_table_frames(current_aspace());
}

int32_t sys_course_free_pages(void)
{
	return (int32_t)frame_free_count();
}

int32_t sys_course_mmap(uint32_t bytes, uint32_t start)
{
	struct aspace *as = current_aspace();

	if ((int32_t)bytes <= 0 || bytes % PAGE_SIZE != 0)
		return -EINVAL;
	if (start == 0)
		return aspace_sbrk(as, (int32_t)bytes, PAGE_SIZE);
	if (start < aspace_brk(as, 0))
		return -EINVAL;
	return aspace_map(as, start, bytes, HEAP_FLAGS, MAP_HOW_NOREPLACE, NULL, 0);
}

static int32_t map_shared_locked(struct aspace *as)
{
	/* lab shared: map a page at the break that a child will share, find it again by its label. */
	uint32_t brk = aspace_brk(as, 0);
	int32_t start, result;

	if (label_find(as, LABEL_SHARED))
		return -EEXIST;
	start = aspace_sbrk(as, PAGE_SIZE, PAGE_SIZE);
	if (IS_MAP_ERROR(start))
		return start;
	result =
		aspace_map(as, (uint32_t)start, PAGE_SIZE,
			   HEAP_FLAGS | VM_SHARED | VM_LABEL(LABEL_SHARED), MAP_HOW_FIXED, NULL, 0);
	if (IS_MAP_ERROR(result))
		aspace_brk(as, brk);
	return result;
	/* lab end: (void)as; return -ENOSYS; */
}

int32_t sys_course_mapshared(void)
{
	int32_t result;

	mutex_lock(&labels_lock);
	result = map_shared_locked(current_aspace());
	mutex_unlock(&labels_lock);
	return result;
}

int32_t sys_course_getshared(void)
{
	/* lab shared: where is that page? */
	uint32_t start = label_find(current_aspace(), LABEL_SHARED);

	return start ? (int32_t)start : -EINVAL;
	/* lab end: return -ENOSYS; */
}

int32_t sys_course_unmapshared(void)
{
	/* lab shared: take it away. */
	return label_unmap(current_aspace(), LABEL_SHARED);
	/* lab end: return -ENOSYS; */
}

int32_t sys_course_getpte(uint32_t va)
{
	struct aspace *as = current_aspace();
	uint32_t entry;

	if (va >= USER_END)
		return -EFAULT;
	rwlock_read_lock(&as->lock);
	entry = report_entry(as, va, LABEL_SHARED, cred_is_root());
	rwlock_read_unlock(&as->lock);
	return (int32_t)entry;
}

/* ---- UW xk ---- */

int32_t sys_course_sbrk(uint32_t bytes)
{
	return aspace_sbrk(current_aspace(), (int32_t)bytes, 1);
}

static uint32_t count_disk_reads(void)
{
	uint64_t reads = 0;

	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev)) {
		struct block_stats s;

		if (dev->disk != dev)
			continue;
		block_stats_get(dev, &s);
		reads += s.done[BLOCK_STAT_READ].ios;
	}
	return (uint32_t)reads;
}

int32_t sys_course_sysinfo(uint32_t info_user)
{
	uint32_t free = frame_free_count();
	struct course_sysinfo si = {
		.pages_in_use = frame_total_count() - free,
		.pages_in_swap = swap_total_pages() - swap_free_pages(),
		.free_pages = free,
		.num_page_faults = atomic_load(&vm_events[VM_PGFAULT]),
		.num_disk_reads = count_disk_reads(),
	};

	return copy_to_user((void __user *)info_user, &si, sizeof(si));
}

/* ---- Pintos ---- */

/* Bytes of the file, whole pages; and the rights its descriptor gives. 0 or -errno. */
static int look_at_file(uint32_t fd, uint32_t *bytes, uint32_t *prot)
{
	struct file *f = fd_get(proc_current()->files, fd);
	loff_t size;

	if (!f)
		return -EBADF;
	size = inode_size(f->inode);
	*prot = PROT_READ | ((f->flags & O_ACCMODE) == O_RDWR ? PROT_WRITE : 0);
	file_put(f);
	if (size <= 0)
		return -EINVAL;
	if (size > USER_END)
		return -ENOMEM;
	*bytes = ALIGN_UP((uint32_t)size, PAGE_SIZE);
	return 0;
}

static int32_t map_file_locked(uint32_t fd, uint32_t addr)
{
	uint32_t bytes, prot;
	int32_t result = look_at_file(fd, &bytes, &prot);
	/* lab mapids: map all of the file at addr, where nothing may be yet, and give it a number from 1 on. */
	struct aspace *as = current_aspace();
	uint32_t id = label_next(as, LABEL_SHARED);

	if (!result && id == LABEL_SHARED)
		result = -ENOMEM;
	if (!result)
		result = sys_mmap2(addr, bytes, prot, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	if (IS_MAP_ERROR(result))
		return result;
	result = label_set(as, addr, addr + bytes, id);
	if (!result)
		return (int32_t)id;
	sys_munmap(addr, bytes);
	return result;
	/* lab end:
	 *
	 * (void)addr;
	 * return result ? result : -ENOSYS; */
}

int32_t sys_course_map_file(uint32_t fd, uint32_t addr)
{
	int32_t result;

	if (fd <= 1)
		return -EBADF; /* The console; not so elsewhere in this kernel. */
	if (addr == 0 || addr % PAGE_SIZE != 0)
		return -EINVAL;
	mutex_lock(&labels_lock);
	result = map_file_locked(fd, addr);
	mutex_unlock(&labels_lock);
	return result;
}

int32_t sys_course_unmap_file(uint32_t id)
{
	if (id == 0 || id >= LABEL_SHARED)
		return -EINVAL;
	/* lab mapids: take away the file with this number. What was written to it must be in it. */
	return label_unmap(current_aspace(), id);
	/* lab end: return -EINVAL; */
}
