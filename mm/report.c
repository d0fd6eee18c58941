/* report.c: see report.h. */

#include "mm/report.h"

#include "arch/x86/tlb.h"
#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/fault_internal.h"
#include "mm/pgtable.h"
#include "mm/rmap.h"
#include "mm/shm.h"

/* What a walk does with an entry that holds a frame. */
typedef void (*entry_fn)(void *arg, uint32_t va, pte_t *pte);

/* The table that spans va, locked; NULL when there is none. Whoever lets go of it meanwhile waits for
 * its lock before freeing it. */
static struct frame *table_lock_at(struct aspace *as, uint32_t va)
{
	struct frame *t = NULL;
	pte_t pde;

	pgtable_lock(as->pgdir);
	pde = ((pte_t *)kmap(as->pgdir))[va_pdx(va)];
	if (pde & PTE_P) {
		t = frame_of_pfn(pte_pfn(pde));
		pgtable_lock(t);
	}
	pgtable_unlock(as->pgdir);
	return t;
}

/* Call fn for each entry of [start, end) that holds a frame, under its table's lock. */
static void walk(struct aspace *as, uint32_t start, uint32_t end, entry_fn fn, void *arg)
{
	for (uint32_t va = start, stop; va < end; va = stop) {
		struct frame *t = table_lock_at(as, va);

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

static void add_entry(void *arg, uint32_t va, pte_t *pte)
{
	const struct area_walk *w = arg;
	struct page_sums *s = w->sums;
	struct frame *f = frame_of_pfn(pte_pfn(*pte));
	bool anon = frame_is(f, FRAME_ANON), dirty = *pte & PTE_D || frame_is(f, FRAME_DIRTY);
	uint32_t count = rmap_mapcount(f), pss = (PAGE_SIZE << PSS_SHIFT) / MAX(count, 1u);

	(void)va;
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
	for (struct vma *v = vma_first(&as->vmas); v; v = vma_next(v))
		report_area(as, v, sums);
}

/* ---- pagemap ---- */

/* Linux's Documentation/admin-guide/mm/pagemap.rst. */
#define PM_PRESENT (1ull << 63)
#define PM_FILE (1ull << 61) /* Of a file or shared anonymous. */
#define PM_EXCLUSIVE (1ull << 56)

struct pagemap_walk {
	uint32_t start;
	uint64_t *words;
	bool with_frames;
};

static void put_word(void *arg, uint32_t va, pte_t *pte)
{
	const struct pagemap_walk *w = arg;
	struct frame *f = frame_of_pfn(pte_pfn(*pte));
	uint64_t word = PM_PRESENT | (w->with_frames ? frame_pfn(f) : 0);

	if (f != zero_frame && !frame_is(f, FRAME_ANON))
		word |= PM_FILE;
	if (f != zero_frame && rmap_mapcount(f) == 1)
		word |= PM_EXCLUSIVE;
	w->words[(va - w->start) >> PAGE_SHIFT] = word;
}

void report_pagemap(struct aspace *as, uint32_t va, uint64_t *words, uint32_t count,
		    bool with_frames)
{
	struct pagemap_walk w = {.start = va, .words = words, .with_frames = with_frames};

	memset(words, 0, count * sizeof(*words));
	walk(as, va, va + (count << PAGE_SHIFT), put_word, &w);
}

/* ---- clear_refs ---- */

struct clear_walk {
	bool anon, mapped;
};

static void clear_entry(void *arg, uint32_t va, pte_t *pte)
{
	const struct clear_walk *w = arg;

	(void)va;
	if (frame_is(frame_of_pfn(pte_pfn(*pte)), FRAME_ANON) ? w->anon : w->mapped)
		atomic_and(pte, ~PTE_A);
}

void report_clear_refs(struct aspace *as, bool anon, bool mapped)
{
	struct clear_walk w = {anon, mapped};

	walk(as, 0, USER_END, clear_entry, &w);
	tlb_flush_user(as->pgdir_phys);
}
