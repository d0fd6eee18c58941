/*
 * aspace.c: address spaces as a whole: birth, fork, death; the growing stack.
 * Mapping and unmapping are in map.c, the break in brk.c.
 *
 * Lock: spaces_lock (RANK_LEAF) guards the list of all spaces.
 */

#include "mm/aspace.h"

#include "arch/x86/mmu.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/area.h"
#include "mm/backing.h"
#include "mm/fault_internal.h"
#include "mm/kmalloc.h"
#include "mm/map.h"
#include "mm/pgtable.h"
#include "mm/pmm.h"
#include "mm/pageout.h"
#include "mm/vmstat.h"
#include "mm/working_set.h"

#define XK_STACK_PAGES 10

KMEM_CACHE(aspace_cache, struct aspace);

static struct spinlock spaces_lock = SPINLOCK_INIT("aspaces", RANK_LEAF);
static struct list spaces = LIST_INIT(spaces);
static uint64_t last_id; /* spaces_lock. */

enum stackgrow stackgrow_mode = STACKGROW_LINUX;
uint32_t user_top = USER_END;
uint32_t vm_eager_fork;

/* A directory that maps only the kernel. */
static struct frame *pgdir_alloc(void)
{
	struct frame *f = frame_alloc_wait(ALLOC_ZERO);

	if (!f)
		return NULL;
	frame_set(f, FRAME_TABLE);
	f->table.lock = 0;
	f->table.present = f->table.swapped = 0;
	mmu_copy_kernel(kmap(f));
	return f;
}

struct aspace *aspace_create(void)
{
	struct aspace *as = kmem_cache_zalloc(&aspace_cache);

	if (!as)
		return NULL;
	as->pgdir = pgdir_alloc();
	if (!as->pgdir) {
		kmem_cache_free(&aspace_cache, as);
		return NULL;
	}
	as->pgdir_phys = frame_pfn(as->pgdir) << PAGE_SHIFT;
	as->refs = 1;
	as->mmap_top = user_top;
	as->stack_limit = as->as_limit = as->data_limit = as->lock_limit = UINT32_MAX;
	rwlock_init(&as->lock, "aspace", RANK_ASPACE);
	spin_lock(&spaces_lock);
	as->id = ++last_id;
	list_add_tail(&spaces, &as->link);
	spin_unlock(&spaces_lock);
	return as;
}

static void aspace_destroy(struct aspace *as)
{
	struct vma *v;

	spin_lock(&spaces_lock);
	list_remove(&as->link);
	spin_unlock(&spaces_lock);
	preempt_disable();
	if (this_cpu()->pgdir == as->pgdir_phys)
		mmu_load(
			mmu_kernel_pgdir()); /* A kernel thread, or the exiting one, was borrowing it. */
	preempt_enable();
	pgtable_destroy(as);
	while ((v = vma_take(&as->vmas)) != NULL)
		area_free(v);
	commit_uncharge(as->committed);
	working_set_put(as->ws);
	frame_clear(as->pgdir, FRAME_TABLE);
	frame_put(as->pgdir);
	kmem_cache_free(&aspace_cache, as);
}

void aspace_put(struct aspace *as)
{
	if (as && atomic_dec_return(&as->refs) == 0)
		aspace_destroy(as);
}

/* as, or the first space after it on the list that is not on its way out. */
static struct aspace *live_from(struct list *at)
{
	while (at != &spaces) {
		struct aspace *as = list_entry(at, struct aspace, link);

		if (atomic_inc_not_zero(&as->refs))
			return as;
		at = at->next;
	}
	return NULL;
}

struct aspace *aspace_next(struct aspace *as)
{
	struct aspace *next;

	spin_lock(&spaces_lock);
	next = live_from(as ? as->link.next : spaces.next);
	spin_unlock(&spaces_lock);
	aspace_put(as);
	return next;
}

void aspace_each(void (*fn)(struct aspace *as, void *arg), void *arg)
{
	struct aspace *as;

	spin_lock(&spaces_lock);
	list_for_each_entry(as, &spaces, link)
		fn(as, arg);
	spin_unlock(&spaces_lock);
}

/* ---- fork ---- */

/* Give a child a copy of v behind *last; what is alike once the locks are gone becomes one. */
static int copy_area(struct aspace *dst, const struct vma *v, struct vma **last)
{
	uint32_t pages = (v->end - v->start) >> PAGE_SHIFT;
	struct vma *copy = area_alloc(v);

	if (!copy)
		return -ENOMEM;
	copy->flags &= ~VM_LOCK_BITS;
	if (area_charge(dst, copy->flags, pages) != 0) {
		area_free(copy); /* v holds the same backing. */
		return -ENOMEM;
	}
	if (*last && vma_mergeable(*last, copy)) {
		(*last)->end = copy->end;
		dst->vmas.pages += pages;
		area_free(copy);
		return 0;
	}
	vma_append(&dst->vmas, copy, *last);
	*last = copy;
	return 0;
}

static int copy_areas(struct aspace *dst, struct aspace *src)
{
	struct vma *last = NULL;
	int err = 0;

	for (struct vma *v = vma_first(&src->vmas); v && !err; v = v->next)
		if (!(v->flags & VM_DONTFORK))
			err = copy_area(dst, v, &last);
	vma_build(&dst->vmas, last);
	return err;
}

/* Take from the child the pages of areas it does not get, or gets empty, and the locks in memory. */
static int drop_unwanted(struct aspace *dst, struct aspace *src)
{
	int err = 0;

	for (struct vma *v = vma_first(&src->vmas); v && !err; v = v->next) {
		uint32_t floor = v->start, ceiling = v->end;

		if (!(v->flags & (VM_DONTFORK | VM_WIPEONFORK))) {
			if (v->flags & VM_LOCKED)
				err = pgtable_keep(dst, v->start, v->end, false);
			continue;
		}
		if (!(v->flags & VM_WIPEONFORK))
			map_find_borders(dst, v->start, v->end, &floor, &ceiling);
		err = pgtable_unmap(dst, v->start, v->end, floor, ceiling);
	}
	return err;
}

static void copy_settings(struct aspace *dst, const struct aspace *src)
{
	dst->brk_start = src->brk_start;
	dst->brk = src->brk;
	dst->mmap_top = src->mmap_top;
	dst->stack_limit = src->stack_limit;
	dst->as_limit = src->as_limit;
	dst->data_limit = src->data_limit;
	dst->lock_limit = src->lock_limit;
	dst->image = src->image;
}

/* Copy what dst would copy when it writes: fork as it was before there was copy-on-write. */
static int copy_pages(struct aspace *dst)
{
	int err = 0;

	for (struct vma *v = vma_first(&dst->vmas); v; v = v->next) {
		if ((v->flags & (VM_SHARED | VM_WRITE)) != VM_WRITE)
			continue;
		for (uint32_t va = v->start; va < v->end && !err; va += PAGE_SIZE)
			if (pgtable_get(dst, va))
				err = fault_in_locked(dst, va, ACCESS_WRITE);
	}
	return err;
}

static bool fork_copies_pages(void)
{
	/* lab cow: fork copies nothing unless it is told to: both have the pages until one of them writes. */
	return vm_eager_fork;
	/* lab end: return true; */
}

struct aspace *aspace_fork(struct aspace *src)
{
	struct aspace *dst = aspace_create();
	int err;

	if (!dst)
		return NULL;
	rwlock_write_lock(&src->lock);
	rwlock_write_lock_nested(&dst->lock); /* Nobody knows it yet but the checker. */
	err = working_set_inherit(src->ws, &dst->ws);
	if (!err)
		err = copy_areas(dst, src);
	copy_settings(dst, src); /* Limits last: what the parent has, a child may have. */
	if (!err) {
		pgtable_share(dst, src);
		err = drop_unwanted(dst, src);
	}
	if (!err && fork_copies_pages())
		err = copy_pages(dst);
	rwlock_write_unlock(&dst->lock);
	rwlock_write_unlock(&src->lock);
	if (!err)
		return dst;
	aspace_put(dst);
	return NULL;
}

/* ---- the stack ---- */

/* Does the chosen rule let this access grow the stack? (features C14, E50, E52) */
static bool stack_may_grow(const struct aspace *as, const struct vma *v, uint32_t va, uint32_t sp)
{
	/* lab stack: which touches below a stack are meant for it, by each of the three rules? */
	uint32_t limit = as->stack_limit;

	switch (stackgrow_mode) {
	case STACKGROW_LINUX:
		break;
	case STACKGROW_PINTOS: /* push touches sp - 4, pusha sp - 32. */
		if (va < sp && sp - va > 32)
			return false;
		break;
	case STACKGROW_XK:
		limit = MIN(limit, XK_STACK_PAGES * PAGE_SIZE);
		break;
	}
	return v->end - ALIGN_DOWN(va, PAGE_SIZE) <= limit;
	/* lab end:
	 * (void)as, (void)v, (void)va, (void)sp;
	 * return false; */
}

/* Must a stack keep away from the area below it? Not from another stack, nor from what nobody can reach. */
static bool is_guarded(const struct vma *v)
{
	return !(v->flags & VM_GROWSDOWN) && v->flags & VM_PROT;
}

/* Let v begin at start, which is below it: its new pages may be touched now. 0 or -EFAULT. */
static int stack_extend(struct aspace *as, struct vma *v, uint32_t start)
{
	/* lab stack: make the area larger by what it may have, which has its price. */
	uint32_t pages = (v->start - start) >> PAGE_SHIFT;

	if (v->flags & VM_LOCKED && !area_may_lock(as, pages))
		return -EFAULT;
	if (area_charge(as, v->flags, pages) != 0)
		return -EFAULT;
	vma_resize(&as->vmas, v, start, v->end, v->pgoff);
	vm_count(VM_FAULT_STACK);
	return 0;
	/* lab end:
	 * (void)as, (void)v, (void)start;
	 * return -EFAULT; */
}

int aspace_grow_stack(struct aspace *as, uint32_t va, uint32_t sp)
{
	uint32_t start = ALIGN_DOWN(va, PAGE_SIZE);
	struct vma *v, *below;
	int err = -EFAULT;

	rwlock_write_lock(&as->lock);
	v = vma_find_from(&as->vmas, va);
	if (!v || v->start <= va) { /* Nothing above, or another thread was faster. */
		err = v ? 0 : -EFAULT;
		goto out;
	}
	below = v->prev;
	if (!(v->flags & VM_GROWSDOWN) || !stack_may_grow(as, v, va, sp))
		goto out;
	if (start < MMAP_MIN_ADDR ||
	    (below && is_guarded(below) && start - below->end < STACK_GUARD_GAP))
		goto out;
	err = stack_extend(as, v, start);
out:
	rwlock_write_unlock(&as->lock);
	return err;
}

/* ---- another's memory ---- */

/* The bytes of [va, va + n) up to the end of a page, n at most, from or to buf; 0: they cannot be had. */
static size_t copy_part(struct aspace *as, uint32_t va, void *buf, size_t n, enum vm_access access)
{
	uint32_t offset = va & (PAGE_SIZE - 1);
	struct frame *f;
	char *page;

	if (va >= USER_END || fault_get_frame(as, va, access, &f) != 0)
		return 0;
	n = MIN(n, PAGE_SIZE - offset);
	page = kmap(f);
	if (access == ACCESS_WRITE)
		memcpy(page + offset, buf, n);
	else
		memcpy(buf, page + offset, n);
	kunmap(f, page);
	if (access == ACCESS_WRITE && f->backing)
		cache_dirty(f); /* It may have been written back since it was brought in. */
	frame_put(f);
	return n;
}

static size_t copy_through(struct aspace *as, uint32_t va, char *buf, size_t n,
			   enum vm_access access)
{
	size_t done = 0, part;

	while (done < n && (part = copy_part(as, va + done, buf + done, n - done, access)) > 0)
		done += part;
	return done;
}

bool aspace_grants_read(struct aspace *as, uint32_t va)
{
	const struct vma *v;
	bool grants;

	rwlock_read_lock(&as->lock);
	v = vma_find(&as->vmas, va);
	grants = v && v->flags & VM_READ;
	rwlock_read_unlock(&as->lock);
	return grants;
}

size_t aspace_read(struct aspace *as, uint32_t va, void *buf, size_t n)
{
	return copy_through(as, va, buf, n, ACCESS_READ);
}

size_t aspace_write(struct aspace *as, uint32_t va, const void *buf, size_t n)
{
	return copy_through(as, va, (char *)buf, n, ACCESS_WRITE);
}
