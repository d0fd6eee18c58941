/*
 * kstack.c: kernel stacks.
 *
 * Each has a slot of KSTACK_SLOT bytes of kernel addresses, of which only the upper KSTACK_SIZE are
 * mapped: an overflow hits a hole, and the double fault handler prints who it was.
 *
 * A stack that is out of memory is a piece of a memory file, which goes to swap as such files do; its slot stays its
 * own, so that it comes back where it was. It is copied there and back. Its frames could move instead, but they
 * are locked down while they are a stack's, and a page of a file is in the hands of pageout at any time.
 *
 * Lock: slots_lock (RANK_LEAF) guards the bitmap; a slot that is taken belongs to its taker.
 */

#include "mm/kstack.h"

#include "arch/x86/mmu.h"
#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/bitmap.h"
#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"
#include "mm/kmap.h"
#include "mm/pageout.h"
#include "mm/reclaim.h"
#include "mm/shm.h"
#include "mm/swap.h"
#include "mm/vmstat.h"

#define SLOTS ((KSTACK_END - KSTACK_BASE) / KSTACK_SLOT)
#define KSTACK_PAGES (KSTACK_SIZE / PAGE_SIZE)

static struct spinlock slots_lock = SPINLOCK_INIT("kernel stacks", RANK_LEAF);
static uint32_t slots[BITMAP_WORDS(SLOTS)];
static uint32_t next_slot;    /* Where to look first. */
static uint32_t resident;     /* Atomic: stacks in memory. */
static struct backing *store; /* Those that are out; NULL: none ever was. */

static uint32_t slot_take(void)
{
	uint32_t slot;

	spin_lock(&slots_lock);
	slot = bitmap_find_clear(slots, SLOTS, next_slot);
	if (slot == SLOTS)
		slot = bitmap_find_clear(slots, SLOTS, 0);
	if (slot < SLOTS) {
		bitmap_set(slots, slot);
		next_slot = slot + 1;
	}
	spin_unlock(&slots_lock);
	return slot;
}

static void slot_give(uint32_t slot)
{
	spin_lock(&slots_lock);
	ASSERT(bitmap_test(slots, slot));
	bitmap_clear(slots, slot);
	next_slot = slot; /* Its TLB entries and cache lines may still be warm. */
	spin_unlock(&slots_lock);
}

static void pages_free(uint32_t kstack, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t va = kstack + i * PAGE_SIZE;
		struct frame *f = frame_of_pfn(pte_pfn(mmu_lookup_kernel(va)));

		mmu_unmap_kernel(va);
		tlb_flush_kernel(va);
		frame_clear(f, FRAME_KERNEL);
		frame_put(f);
	}
}

static int pages_alloc(uint32_t kstack)
{
	for (uint32_t i = 0; i < KSTACK_PAGES; i++) {
		struct frame *f = frame_alloc_wait(0);

		if (!f) {
			pages_free(kstack, i);
			return -ENOMEM;
		}
		frame_set(f, FRAME_KERNEL);
		mmu_map_kernel(kstack + i * PAGE_SIZE, frame_pfn(f), PTE_P | PTE_W | PTE_G);
	}
	atomic_inc(&resident);
	return 0;
}

static void pages_release(uint32_t kstack)
{
	pages_free(kstack, KSTACK_PAGES);
	atomic_dec(&resident);
}

static uint32_t slot_of(uint32_t kstack)
{
	return (kstack - KSTACK_BASE) / KSTACK_SLOT;
}

uint32_t kstack_alloc(void)
{
	uint32_t slot = slot_take(), kstack;

	if (slot == SLOTS)
		return 0;
	kstack = KSTACK_BASE + slot * KSTACK_SLOT + (KSTACK_SLOT - KSTACK_SIZE);
	if (pages_alloc(kstack) == 0)
		return kstack;
	slot_give(slot);
	return 0;
}

void kstack_free(uint32_t kstack)
{
	pages_release(kstack);
	slot_give(slot_of(kstack));
}

uint32_t kstack_count(void)
{
	return atomic_load(&resident);
}

/* ---- out of memory, and back ---- */

/* What is in use of a sleeping thread's stack: its pages [first, KSTACK_PAGES). The rest holds nothing. */
static uint32_t first_in_use(const struct thread *t)
{
	return (t->context.esp - t->kstack) >> PAGE_SHIFT;
}

static uint32_t store_index(const struct thread *t, uint32_t i)
{
	return slot_of(t->kstack) * KSTACK_PAGES + i;
}

/* Copy page i of t's stack to its place in the store, or back. *f is the frame there, with a reference. */
static int page_copy(const struct thread *t, uint32_t i, bool out, struct frame **f)
{
	void *page = (void *)(t->kstack + i * PAGE_SIZE), *stored;
	uint32_t index = store_index(t, i);
	int err = out ? cache_get_new(store, index, f) : cache_get(store, index, f);

	if (err)
		return err;
	stored = kmap(*f);
	memcpy(out ? stored : page, out ? page : stored, PAGE_SIZE);
	kunmap(*f, stored);
	if (out)
		cache_dirty(*f);
	return 0;
}

/* Copy all that is in use. On success the caller has the frames of the store, *n of them, with references. */
static int copy(const struct thread *t, bool out, struct frame **f, uint32_t *n)
{
	int err = 0;

	*n = 0;
	for (uint32_t i = first_in_use(t); i < KSTACK_PAGES && !err; i++) {
		err = page_copy(t, i, out, &f[*n]);
		*n += !err;
	}
	while (err && *n > 0)
		frame_put(f[--*n]);
	return err;
}

static void store_forget(const struct thread *t)
{
	cache_punch(store, store_index(t, 0), store_index(t, KSTACK_PAGES));
}

int kstack_page_out(const struct thread *t)
{
	struct frame *f[KSTACK_PAGES];
	uint32_t n;
	int err;

	if (!store)
		store = shm_create(SLOTS * KSTACK_PAGES, 0);
	if (!store)
		return -ENOMEM;
	if (swap_full())
		return -ENOSPC;
	err = copy(t, true, f, &n);
	if (err) {
		store_forget(t);
		return err;
	}
	pages_release(t->kstack);
	reclaim_frames(f, n);
	vm_count(VM_KSTACK_OUT);
	return 0;
}

int kstack_page_in(const struct thread *t)
{
	struct frame *f[KSTACK_PAGES];
	uint32_t n;
	int err = pages_alloc(t->kstack);

	if (err)
		return err;
	err = copy(t, false, f, &n);
	if (err) {
		pages_release(t->kstack);
		return err;
	}
	while (n > 0)
		frame_put(f[--n]);
	store_forget(t);
	vm_count(VM_KSTACK_IN);
	return 0;
}
