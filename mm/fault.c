/*
 * fault.c: turn a page fault into a mapped page.
 *
 * vm_fault() is the only way a user page becomes present, whoever asks: the CPU, a user copy,
 * another process or MAP_POPULATE. It prepares everything that can sleep (a page table of our own, a
 * frame), then installs it under the table lock if the slot still says what we saw. If it does not,
 * somebody was faster: we return 0 and the instruction faults again.
 *
 *	vm_fault -> fault_resolve -> fault_page -> fault_zero | fault_backing | fault_swap | fault_cow | fault_dirty
 *		 -> fault_install
 *
 * Locks: aspace->lock shared throughout, so no area changes and no fork shares our table; frame BUSY
 * inside cache_get(); the table lock in fault_install().
 */

#include "mm/fault.h"

#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/fault_case.h"
#include "mm/oom.h"
#include "mm/pmm.h"
#include "mm/policy_set.h"
#include "mm/pageout.h"
#include "mm/rmap.h"
#include "mm/shm.h"
#include "mm/swap.h"
#include "mm/working_set.h"

#define IMAGE_DATA_CLUSTER 3u /* Windows' number, as is the 7 for all others. */
#define AROUND 16u	      /* Pages that one fault maps. */

uint32_t vm_fault_cluster = 7;

struct frame *zero_frame;

void fault_init(void)
{
	zero_frame = frame_alloc(ALLOC_ZERO | ALLOC_RESERVE);
	BUG_ON(!zero_frame);
}

static __noreturn void fault_bug(const struct fault *ft, const char *why)
{
	panic("fault at %x, access %d: %s: pte %x, area %x-%x flags %x", ft->va, ft->access, why,
	      ft->old, ft->vma->start, ft->vma->end, ft->vma->flags);
}

/* ---- installing ---- */

void fault_unlock_counted(struct fault *ft, struct frame *f)
{
	if (f == zero_frame) {
		pgtable_unlock(ft->table);
		return;
	}
	frame_get(f);
	preempt_disable();
	pgtable_unlock(ft->table);
	ft->victim = working_set_touched(ft->as->ws, f, ft->va, ft->access, (uint32_t)ft->as->id);
	preempt_enable();
	frame_put(f);
}

static void page_copy(const struct fault *ft, struct frame *to, struct frame *from)
{
	void *src = kmap(from), *dst = kmap(to);

	memcpy(dst, src, PAGE_SIZE);
	kunmap(to, dst);
	kunmap(from, src);
	vm_count(VM_FRAME_COPY);
	vmtrace(VMTRACE_COPY, ft->as, ft->va, frame_pfn(from) << PAGE_SHIFT,
		frame_pfn(to) << PAGE_SHIFT, 0);
}

/*
 * Put frame with these bits into the slot if it still holds what we saw. Takes over our reference on frame: it
 * becomes the slot's, or is dropped when somebody was faster. The frame that was there before, if any, is put after
 * the flush. 0 or -ENOMEM.
 *
 * from: what frame is to be a copy of; NULL: of none. The copy is made with the table locked, since nobody can take
 * the entry of from away then. To hold the page by a reference, and the table once more for that, took 40 instructions.
 */
static int fault_install(struct fault *ft, struct frame *frame, uint32_t bits, struct frame *from)
{
	struct frame *before = NULL;
	int err = -EAGAIN;

	pgtable_lock(ft->table);
	if (*ft->slot == ft->old) {
		if (from)
			page_copy(ft, frame, from);
		err = pgtable_fill(ft->table, ft->slot, fault_entry(ft, frame, bits), frame);
	}
	if (err) {
		pgtable_unlock(ft->table);
		frame_put(frame);
		return err == -EAGAIN ? 0 : err; /* Somebody was faster. */
	}
	if (ft->old)
		before = pgtable_leave(ft->table, ft->slot, ft->old);
	if (bits & PTE_W && frame->backing)
		cache_dirty(frame); /* Before anybody can clean what we let write. */
	fault_unlock_touched(ft, frame);
	if (before) {
		tlb_flush_page(ft->as->pgdir_phys, ft->va);
		swap_reap(before);
		frame_put(before);
	}
	return 0;
}

/* Let the CPU use the entry's page as bits say; the frame stays. */
static int fault_upgrade(struct fault *ft, uint32_t bits)
{
	struct frame *f = frame_of_pfn(pte_pfn(ft->old));

	pgtable_lock(ft->table);
	if (*ft->slot == ft->old) {
		pte_t now = fault_entry(ft, f, bits) | (ft->old & PTE_D);

		vmtrace_entry(VMTRACE_RIGHTS, ft->slot, now);
		*ft->slot = now;
		if (bits & PTE_W && f->backing)
			cache_dirty(f);
		fault_unlock_touched(ft, f);
	} else {
		pgtable_unlock(ft->table);
	}
	tlb_flush_page(ft->as->pgdir_phys, ft->va);
	return 0;
}

/* ---- the cases ---- */

/* Install a frame nobody else knows as this space's private page: a copy of from, unless that is NULL. */
static int install_private(struct fault *ft, struct frame *f, struct frame *from)
{
	policy_set_add(f, FRAME_ANON);
	return fault_install(ft, f, PTE_WRITE_BITS, from);
}

/* Anonymous memory at its first touch: all share one page of zeroes until somebody writes. */
static int fault_zero(struct fault *ft)
{
	struct frame *f;

	if (ft->access != ACCESS_WRITE) {
		fault_decide(ft, VM_FAULT_ZERO);
		frame_get(zero_frame);
		return fault_install(ft, zero_frame, PTE_READ_BITS, NULL);
	}
	f = frame_alloc_wait(ALLOC_ZERO);
	if (!f)
		return -ENOMEM;
	fault_decide(ft, VM_FAULT_ANON);
	return install_private(ft, f, NULL);
}

/* Give the space a copy of its own of from, which the slot shows or the caller has a reference to. */
static int install_copy(struct fault *ft, struct frame *from)
{
	struct frame *f = frame_alloc_wait(0);

	return f ? install_private(ft, f, from) : -ENOMEM;
}

/* Which page of its backing the address shows. */
static uint32_t fault_index(const struct fault *ft)
{
	return ft->vma->pgoff + ((ft->va - ft->vma->start) >> PAGE_SHIFT);
}

/*
 * How many pages a fault reads: of a private mapping that may be written, which is what the data of an
 * image is, few, because they are soon copied; of everything else more. Pages without a store are not read.
 */
static uint32_t cluster_size(const struct vma *v)
{
	/* lab clusters: a fault brings in a page's neighbours too. How many pages should it be? */
	uint32_t most = atomic_load(&vm_fault_cluster);

	if (shm_stores(v->backing) || v->flags & VM_RANDOM)
		return 1;
	return (v->flags & (VM_SHARED | VM_WRITE)) == VM_WRITE ? MIN(most, IMAGE_DATA_CLUSTER)
							       : most;
	/* lab end:
	 * (void)v;
	 * return 1; */
}

/* Read the page with its neighbours before and behind: the area is cut into clusters from its start on, so
 * that who goes through it, in whatever direction, has one of these faults per cluster. */
static int fault_read(struct fault *ft, uint32_t index, struct frame **out)
{
	const struct vma *v = ft->vma;
	uint32_t n = cluster_size(v), first = index - (index - v->pgoff) % n;
	uint32_t end = MIN(first + n, v->pgoff + ((v->end - v->start) >> PAGE_SHIFT));

	if (!shm_stores(v->backing) || shm_window(v->backing, index, &ft->as->swap_window, &end)) {
		ft->with |= VMTRACE_READ;
		vm_count(VM_PGMAJFAULT);
		atomic_inc(&ft->as->major_faults);
	}
	return cache_get_cluster(v->backing, index, first, end, out);
}

/* The page of the backing this address shows, with a reference. */
static int fault_get_cached(struct fault *ft, struct frame **out)
{
	struct backing *b = ft->vma->backing;
	uint32_t index = fault_index(ft);

	if (index >= atomic_load(&b->size_pages))
		return -ENXIO;
	*out = cache_peek(b, index);
	if (!*out)
		return fault_read(ft, index, out);
	if (shm_stores(b) && !rmap_is_mapped(*out))
		ft->as->swap_window.hits++;
	return 0;
}

/*
 * Map what is cached of the AROUND pages around ft->va too, where nothing is mapped yet: to be read only, and
 * not as touched. They share a table, because AROUND divides its size.
 */
static void fault_around(struct fault *ft)
{
	const struct vma *v = ft->vma;
	uint32_t start = MAX(v->start, ALIGN_DOWN(ft->va, AROUND << PAGE_SHIFT));
	uint32_t n = MIN(v->end - start, (AROUND << PAGE_SHIFT) - start % (AROUND << PAGE_SHIFT));
	uint32_t index = v->pgoff + ((start - v->start) >> PAGE_SHIFT);
	uint32_t size = atomic_load(&v->backing->size_pages);
	pte_t *slot = pgtable_entries(ft->table) + va_ptx(start);
	struct frame *f[AROUND];
	pte_t now;

	n = MIN(n >> PAGE_SHIFT, size - MIN(size, index));
	cache_peek_range(v->backing, index, n, f);
	pgtable_lock(ft->table);
	for (uint32_t i = 0; i < n; i++) {
		if (!f[i] || slot[i])
			continue;
		now = fault_entry(ft, f[i], PTE_P | PTE_U);
		if (pgtable_fill(ft->table, &slot[i], now, f[i]) == 0)
			f[i] = NULL;
	}
	pgtable_unlock(ft->table);
	for (uint32_t i = 0; i < n; i++)
		if (f[i])
			frame_put(f[i]);
}

/* The first touch of a page that a backing has. */
static int fault_backing(struct fault *ft)
{
	bool write = ft->access == ACCESS_WRITE;
	struct frame *f;
	int err = fault_get_cached(ft, &f);

	if (err)
		return err;
	if (write && !(ft->vma->flags & VM_SHARED)) {
		fault_decide(ft, VM_FAULT_PROMOTE);
		err = install_copy(ft, f);
		frame_put(f);
		return err;
	}
	if (write)
		err = backing_reserve(ft->vma->backing, fault_index(ft), 0);
	if (err) {
		frame_put(f);
		return err;
	}
	fault_decide(ft, VM_FAULT_FILE);
	err = fault_install(ft, f, write ? PTE_WRITE_BITS : PTE_READ_BITS, NULL);
	if (!err && !write && !(ft->vma->flags & VM_RANDOM) && !ft->as->ws)
		fault_around(ft);
	return err;
}

/* The first write to a page of a shared mapping since it was clean. */
static int fault_dirty(struct fault *ft)
{
	int err = backing_reserve(ft->vma->backing, fault_index(ft), 0);

	if (err)
		return err;
	fault_decide(ft, VM_FAULT_DIRTY);
	return fault_upgrade(ft, PTE_WRITE_BITS);
}

static bool is_sole_owner(const struct frame *f)
{
	return atomic_load(&f->refs) == 1 && frame_is(f, FRAME_ANON);
}

/* Take f, which the slot shows, out of the swap cache. False: somebody else remembers where it is in swap, or the slot
 * shows it no more. */
static bool leave_swap(struct fault *ft, struct frame *f)
{
	bool shown, left;

	pgtable_lock(ft->table);
	shown = *ft->slot == ft->old;
	if (shown)
		frame_get(f);
	pgtable_unlock(ft->table);
	left = shown && swap_leave(f);
	if (shown)
		frame_put(f);
	return left;
}

/* A write to a private page that may have other owners. The table is ours alone, so refs counts
 * every other place the page is in use. */
static int fault_cow(struct fault *ft)
{
	struct frame *f = frame_of_pfn(pte_pfn(ft->old));

	if (f == zero_frame)
		return fault_zero(ft);
	/* lab cow: who is a page's last owner needs no copy of it to write. */
	if (is_sole_owner(f)) {
		fault_decide(ft, VM_FAULT_COW_REUSE);
		return fault_upgrade(ft, PTE_WRITE_BITS);
	}
	/* lab end: (void)is_sole_owner; */
	if (f->backing && leave_swap(ft, f)) /* Nobody has its slot: it is as private as any now. */
		return fault_cow(ft);
	fault_decide(ft, frame_is(f, FRAME_ANON) ? VM_FAULT_COW_COPY : VM_FAULT_PROMOTE);
	return install_copy(ft, f);
}

/* A write to a page whose entry does not allow it. */
static int fault_write(struct fault *ft)
{
	return ft->vma->flags & VM_SHARED ? fault_dirty(ft) : fault_cow(ft);
}

/* The entry allows it already: somebody else fixed it, or the whole table just became ours again. */
static int fault_spurious(struct fault *ft)
{
	fault_decide(ft, VM_FAULT_SPURIOUS);
	tlb_flush_page(ft->as->pgdir_phys, ft->va);
	return 0;
}

/* ---- the decision ---- */

static bool pte_allows(pte_t pte, enum vm_access access)
{
	return access != ACCESS_WRITE || pte & PTE_W;
}

/* Without an NX bit whatever may be touched at all may be read and executed. */
static bool vma_allows(const struct vma *v, enum vm_access access)
{
	return v->flags & (access == ACCESS_WRITE ? VM_WRITE : VM_PROT);
}

/* Decide by what the slot says, what the area says, and what was asked. */
static int fault_page(struct fault *ft)
{
	switch (pte_kind(ft->old)) {
	case PTE_KIND_EMPTY:
		return ft->vma->backing ? fault_backing(ft) : fault_zero(ft);
	case PTE_KIND_SWAPPED:
		return fault_swap(ft);
	case PTE_KIND_PRESENT:
		if (pte_allows(ft->old, ft->access))
			return fault_spurious(ft);
		return fault_write(ft);
	case PTE_KIND_PARKED:
		if (ft->access == ACCESS_WRITE)
			return fault_write(ft);
		fault_decide(ft, VM_FAULT_UNPARK);
		return fault_upgrade(ft, PTE_READ_BITS);
	}
	fault_bug(ft, "no rule for this fault");
}

/* With aspace->lock shared: find the area, check the right, own the table, act. */
static int fault_resolve(struct fault *ft)
{
	int err;

	ft->vma = vma_find(&ft->as->vmas, ft->va);
	if (!ft->vma)
		return -EFAULT;
	if (!vma_allows(ft->vma, ft->access))
		return -EACCES;
	err = pgtable_own(ft->as, ft->va, &ft->table);
	if (err)
		return err;
	ft->slot = pgtable_entries(ft->table) + va_ptx(ft->va);
	ft->old = atomic_load(ft->slot);
	err = fault_page(ft);
	if (ft->victim)
		working_set_evict(ft->as->ws, ft->victim);
	return err;
}

/* One try, the stack grown first where that is the matter. */
static int fault_try(struct fault *ft, uint32_t va, uint32_t sp)
{
	struct aspace *as = ft->as;
	int err;

	rwlock_read_lock(&as->lock);
	err = fault_resolve(ft);
	rwlock_read_unlock(&as->lock);
	if (err != -EFAULT || aspace_grow_stack(as, va, sp) != 0)
		return err;
	ft->with |= VMTRACE_STACK;
	rwlock_read_lock(&as->lock);
	err = fault_resolve(ft);
	rwlock_read_unlock(&as->lock);
	return err;
}

int fault_handle(struct fault *ft, uint32_t va, uint32_t sp)
{
	int err;

	if (!ft->as || va >= USER_END)
		return -EFAULT;
	vm_count(VM_PGFAULT);
	atomic_inc(&ft->as->minor_faults);
	err = fault_try(ft, va, sp);
	if (err == -ENOMEM) {
		ft->with |= VMTRACE_WAITED;
		return pageout_retry() || oom_wait() ? 0 : -EINTR;
	}
	return err;
}

static enum vm_access access_of(uint32_t error)
{
	if (error & PF_WRITE)
		return ACCESS_WRITE;
	return error & PF_FETCH ? ACCESS_EXEC : ACCESS_READ;
}

/* fault_resolve() fills in the rest. */
static void fault_begin(struct fault *ft, struct aspace *as, uint32_t va, enum vm_access access)
{
	ft->as = as;
	ft->va = ALIGN_DOWN(va, PAGE_SIZE);
	ft->access = access;
	ft->how = ft->with = 0;
	ft->victim = NULL;
}

int vm_fault(uint32_t va, uint32_t error, uint32_t sp)
{
	struct fault ft;

	fault_begin(&ft, thread_current()->aspace, va, access_of(error));
	if (unlikely(vmtrace_on))
		return fault_traced(&ft, va, error, sp);
	return fault_handle(&ft, va, sp);
}

/* ---- faults without a CPU ---- */

int fault_in_locked(struct aspace *as, uint32_t va, enum vm_access access)
{
	struct fault ft;

	fault_begin(&ft, as, va, access);
	return fault_resolve(&ft);
}

int fault_get_frame(struct aspace *as, uint32_t va, enum vm_access access, struct frame **out)
{
	bool write = access == ACCESS_WRITE;
	int err = 0;

	/* Exclusive: no other thread can take the page away between bringing it in and getting hold of it. */
	rwlock_write_lock(&as->lock);
	*out = pgtable_hold(as, va, write);
	while (!*out && !err) { /* Once, unless it is evicted at once. */
		err = fault_in_locked(as, va, access);
		*out = err ? NULL : pgtable_hold(as, va, write);
	}
	rwlock_write_unlock(&as->lock);
	if (!err && !*out)
		return -EFAULT;
	return err;
}
