/* report.c: see report.h. */

#include "mm/report.h"

#include "arch/x86/mmu.h"
#include "arch/x86/tlb.h"
#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/fault_internal.h"
#include "mm/pgtable.h"
#include "mm/rmap.h"
#include "mm/shm.h"
#include "mm/swap.h"

/* What a walk does with an entry that is not empty. */
typedef void (*entry_fn)(void *arg, uint32_t va, pte_t *pte);

/* Call fn for each entry of [start, end) that is not empty, under its table's lock. */
static void walk(struct aspace *as, uint32_t start, uint32_t end, entry_fn fn, void *arg)
{
	for (uint32_t va = start, stop; va < end; va = stop) {
		struct frame *t = pgtable_lock_at(as, va);

		stop = MIN(end, ALIGN_DOWN(va, TABLE_SPAN) + TABLE_SPAN);
		if (!t)
			continue;
		for (pte_t *pte = pgtable_entries(t) + va_ptx(va); va < stop;
		     va += PAGE_SIZE, pte++)
			if (pte_kind(*pte) != PTE_KIND_EMPTY)
				fn(arg, va, pte);
		pgtable_unlock(t);
	}
}

/* ---- sums ---- */

struct area_walk {
	bool shmem, locked;
	struct page_sums *sums;
};

/* An entry in swap: others that remember the slot have their part of it, and so has who shares the table. */
static void add_swapped(struct page_sums *s, pte_t *pte)
{
	uint32_t count = swap_count(*pte) - 1 + atomic_load(&frame_of_va(pte)->refs);

	s->swap++;
	s->swap_pss += (PAGE_SIZE << PSS_SHIFT) / count;
}

static void add_frame(const struct area_walk *w, pte_t *pte)
{
	struct page_sums *s = w->sums;
	struct frame *f = frame_of_pfn(pte_pfn(*pte));
	bool anon = frame_is(f, FRAME_ANON), dirty = *pte & PTE_D || frame_is(f, FRAME_DIRTY);
	uint32_t count = rmap_mapcount(f), pss = (PAGE_SIZE << PSS_SHIFT) / MAX(count, 1u);

	if (f == zero_frame)
		return;
	s->resident++;
	s->anon += anon;
	s->shmem += !anon && w->shmem;
	s->referenced += (*pte & PTE_A) != 0;
	s->locked += w->locked;
	s->pss += pss;
	s->pss_dirty += dirty ? pss : 0;
	s->pss_anon += anon ? pss : 0;
	s->pss_shmem += !anon && w->shmem ? pss : 0;
	s->pss_locked += w->locked ? pss : 0;
	if (count > 1)
		*(dirty ? &s->shared_dirty : &s->shared_clean) += 1;
	else
		*(dirty ? &s->private_dirty : &s->private_clean) += 1;
}

static void add_entry(void *arg, uint32_t va, pte_t *pte)
{
	const struct area_walk *w = arg;

	(void)va;
	if (pte_is_swapped(*pte))
		add_swapped(w->sums, pte);
	else
		add_frame(w, pte);
}

void report_area(struct aspace *as, const struct vma *v, struct page_sums *sums)
{
	struct area_walk w = {
		.shmem = v->backing && shm_stores(v->backing),
		.locked = v->flags & VM_LOCKED,
		.sums = sums,
	};

	walk(as, v->start, v->end, add_entry, &w);
}

void report_space(struct aspace *as, struct page_sums *sums)
{
	for (struct vma *v = vma_first(&as->vmas); v; v = v->next)
		report_area(as, v, sums);
}

/* ---- pagemap ---- */

/* Linux's Documentation/admin-guide/mm/pagemap.rst. */
#define PM_PRESENT (1ull << 63)
#define PM_SWAP (1ull << 62) /* The rest is then: */
#define PM_SWAP_SLOT_SHIFT 5 /* type, and from this bit on the slot. */
#define PM_FILE (1ull << 61) /* Of a file or shared anonymous. */
#define PM_EXCLUSIVE (1ull << 56)

struct pagemap_walk {
	uint32_t start;
	uint64_t *words;
	bool with_frames;
};

static uint64_t frame_word(pte_t pte, bool with_frames)
{
	struct frame *f = frame_of_pfn(pte_pfn(pte));
	uint64_t word = PM_PRESENT | (with_frames ? frame_pfn(f) : 0);

	if (f != zero_frame && !frame_is(f, FRAME_ANON))
		word |= PM_FILE;
	if (f != zero_frame && rmap_mapcount(f) == 1)
		word |= PM_EXCLUSIVE;
	return word;
}

static uint64_t swap_word(pte_t swp, bool with_slots)
{
	uint64_t slot = pte_swap_slot(swp);

	return PM_SWAP | (with_slots ? slot << PM_SWAP_SLOT_SHIFT | pte_swap_type(swp) : 0);
}

static void put_word(void *arg, uint32_t va, pte_t *pte)
{
	const struct pagemap_walk *w = arg;

	w->words[(va - w->start) >> PAGE_SHIFT] = pte_is_swapped(*pte)
							  ? swap_word(*pte, w->with_frames)
							  : frame_word(*pte, w->with_frames);
}

void report_pagemap(struct aspace *as, uint32_t va, uint64_t *words, uint32_t count,
		    bool with_frames)
{
	struct pagemap_walk w = {.start = va, .words = words, .with_frames = with_frames};

	memset(words, 0, count * sizeof(*words));
	walk(as, va, va + (count << PAGE_SHIFT), put_word, &w);
}

/* ---- single entries, tables ---- */

uint32_t report_entry(struct aspace *as, uint32_t va, uint32_t label, bool with_frames)
{
	const struct vma *v = vma_find(&as->vmas, va);
	pte_t pte = pgtable_get_effective(as, va);

	if (pte_is_swapped(pte))
		pte = PTE_SWAPPED;
	if (!with_frames)
		pte &= ~PTE_FRAME;
	if (!v)
		return pte;
	if (pte_kind(pte) == PTE_KIND_EMPTY)
		pte |= ENTRY_MAPPED;
	return pte | (v->flags >> VM_LABEL_SHIFT == label ? ENTRY_LABEL : 0);
}

uint32_t report_table_frames(const struct aspace *as)
{
	/* lab counts: the directory, the user's tables, and the kernel's. */
	return 1 + as->tables + mmu_kernel_tables();
	/* lab end: (void)as; return 0; */
}

/* ---- clear_refs ---- */

struct clear_walk {
	bool anon, mapped;
};

static void clear_entry(void *arg, uint32_t va, pte_t *pte)
{
	const struct clear_walk *w = arg;

	(void)va;
	if (pte_is_swapped(*pte))
		return;
	if (frame_is(frame_of_pfn(pte_pfn(*pte)), FRAME_ANON) ? w->anon : w->mapped)
		atomic_and(pte, ~PTE_A);
}

void report_clear_refs(struct aspace *as, bool anon, bool mapped)
{
	struct clear_walk w = {anon, mapped};

	walk(as, 0, USER_END, clear_entry, &w);
	tlb_flush_user(as->pgdir_phys);
}
