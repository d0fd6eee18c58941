/*
 * kstack.c: kernel stacks.
 *
 * Each has a slot of KSTACK_SLOT bytes of kernel addresses, of which only the upper KSTACK_SIZE are
 * mapped: an overflow hits a hole, and the double fault handler prints who it was.
 *
 * Lock: slots_lock (RANK_LEAF) guards the bitmap; a slot that is taken belongs to its taker.
 */

#include "mm/kstack.h"

#include "arch/x86/mmu.h"
#include "arch/x86/tlb.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/bitmap.h"
#include "mm/pageout.h"

#define SLOTS ((KSTACK_END - KSTACK_BASE) / KSTACK_SLOT)
#define KSTACK_PAGES (KSTACK_SIZE / PAGE_SIZE)

static struct spinlock slots_lock = SPINLOCK_INIT("kernel stacks", RANK_LEAF);
static uint32_t slots[BITMAP_WORDS(SLOTS)];
static uint32_t next_slot; /* Where to look first. */
static uint32_t taken;	   /* Slots. */

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
		taken++;
	}
	spin_unlock(&slots_lock);
	return slot;
}

static void slot_give(uint32_t slot)
{
	spin_lock(&slots_lock);
	ASSERT(bitmap_test(slots, slot));
	bitmap_clear(slots, slot);
	taken--;
	next_slot = slot; /* Its TLB entries and cache lines may still be warm. */
	spin_unlock(&slots_lock);
}

static void pages_release(uint32_t kstack, uint32_t count)
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

uint32_t kstack_alloc(void)
{
	uint32_t slot = slot_take(), kstack;

	if (slot == SLOTS)
		return 0;
	kstack = KSTACK_BASE + slot * KSTACK_SLOT + (KSTACK_SLOT - KSTACK_SIZE);
	for (uint32_t i = 0; i < KSTACK_PAGES; i++) {
		struct frame *f = frame_alloc_wait(0);

		if (!f) {
			pages_release(kstack, i);
			slot_give(slot);
			return 0;
		}
		frame_set(f, FRAME_KERNEL);
		mmu_map_kernel(kstack + i * PAGE_SIZE, frame_pfn(f), PTE_P | PTE_W | PTE_G);
	}
	return kstack;
}

void kstack_free(uint32_t kstack)
{
	pages_release(kstack, KSTACK_PAGES);
	slot_give((kstack - KSTACK_BASE) / KSTACK_SLOT);
}

uint32_t kstack_count(void)
{
	return atomic_load(&taken);
}
