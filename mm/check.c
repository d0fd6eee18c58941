/*
 * check.c: recount all references from the roots and compare.
 *
 * Roots: page directories (which point at tables, which hold frames), the caches (each frame's backing
 * must know it), the zero frame. Slots of swap are counted alike, from page tables and caches. The count of each
 * frame must be its refs. Each entry of a table must be in the reverse map of its frame, and there must be no others
 * there.
 *
 * With preemption off nothing changes on this CPU, and no spinlock is held by anybody, so all tables and
 * lists are whole. But a thread may stand between taking a reference and using it: in the middle of a
 * fault, a read, a fork. Such a reference lasts no longer than that operation; a wrong count stays. So
 * what differs is looked at again, and only what differs every time in the same way is reported: under pressure
 * there is always some slot or page on its way, but not always the same.
 */

#include "mm/check.h"

#include "arch/x86/clock.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/sync/mutex.h"
#include "mm/aspace.h"
#include "mm/backing.h"
#include "mm/fault_internal.h"
#include "mm/kmalloc.h"
#include "mm/pgtable.h"
#include "mm/pmm.h"
#include "mm/policy_set.h"
#include "mm/rmap.h"
#include "mm/swap.h"
#include "mm/zpool.h"

/* Times to look before believing a difference, each a tick later than the last. */
#define LOOKS 30
#define SUSPECTS_MAX 32 /* Differences followed; more are as bad. */

struct suspect {
	uint32_t pfn, refs, counted;
};

struct findings {
	struct suspect suspects[SUSPECTS_MAX];
	uint32_t count;
	uint32_t broken;    /* Structures that contradict themselves. */
	uint32_t slots;	    /* Entries that the reverse map should have. */
	uint32_t swap_off;  /* By what slots, */
	uint32_t lists_off; /* and the policies' lists differ; 0: not at all. */
	bool verbose;	    /* Say each of those in the log. */
};

static struct mutex check_mutex = MUTEX_INIT(check_mutex, RANK_FSMETA);
static uint32_t *counts; /* By pfn; during a check. */

void vm_check_init(uint32_t *array)
{
	counts = array;
}

/* ---- counting, with preemption off ---- */

static void broken(struct findings *fi, const char *fmt, ...) __printf(2, 3);

static void broken(struct findings *fi, const char *fmt, ...)
{
	va_list ap;

	fi->broken++;
	if (!fi->verbose)
		return;
	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
}

/* A writer may have been preempted in the middle of changing the tree. */
static bool areas_are_whole(const struct aspace *as)
{
	return as->lock.writer == NULL;
}

/* An entry of t: its slot must count it, or its frame know it. */
static void count_entry(struct frame *t, pte_t *pte, struct findings *fi)
{
	struct frame *f = frame_of_pfn(pte_pfn(*pte));

	if (pte_is_swapped(*pte)) {
		swap_check_count(*pte);
		return;
	}
	counts[pte_pfn(*pte)]++;
	if (f == zero_frame)
		return;
	fi->slots++;
	if (!rmap_has(f, rmap_slot(pte)))
		broken(fi, "check: pte %x of table %x is not in the reverse map\n", *pte,
		       frame_pfn(t));
}

/* Count what the table for [base, base + 4 MiB) holds; each entry must lie in an area of as (features D6). */
static void count_table(struct aspace *as, struct frame *t, uint32_t base, struct findings *fi)
{
	bool whole = areas_are_whole(as);
	struct vma *v = whole ? vma_find_from(&as->vmas, base) : NULL;
	pte_t *pte = pgtable_entries(t);
	uint32_t present = 0, swapped = 0;

	if (counts[frame_pfn(t)]++ > 0)
		return; /* Another directory showed it to us already. */
	for (uint32_t i = 0; i < PTRS_PER_TABLE; i++) {
		uint32_t va = base + (i << PAGE_SHIFT);

		if (pte_kind(pte[i]) == PTE_KIND_EMPTY)
			continue;
		if (!bitmap_test(&t->groups, i / (PTRS_PER_TABLE / 32)))
			broken(fi, "check: table %x: entry %u is in no group\n", frame_pfn(t), i);
		present++;
		swapped += pte_is_swapped(pte[i]);
		while (v && v->end <= va)
			v = v->next;
		if ((!pte_is_swapped(pte[i]) && pte_pfn(pte[i]) >= frame_count) ||
		    (whole && (!v || va < v->start)))
			broken(fi, "check: aspace %p: pte %x at %x in no area\n", (void *)as,
			       pte[i], va);
		else
			count_entry(t, &pte[i], fi);
	}
	if (present != t->table.present || swapped != t->table.swapped || !frame_is(t, FRAME_TABLE))
		broken(fi, "check: table %x: %u entries counted, %u said, flags %x\n", frame_pfn(t),
		       present, t->table.present, t->flags);
}

static void count_space(struct aspace *as, void *arg)
{
	struct findings *fi = arg;
	pte_t *pde = kmap(as->pgdir);
	uint32_t tables = 0;
	const char *fault = areas_are_whole(as) ? vma_check(&as->vmas) : NULL;

	if (fault)
		broken(fi, "check: aspace %p: %s\n", (void *)as, fault);
	counts[frame_pfn(as->pgdir)]++;
	for (uint32_t i = 0; i < KERNEL_PDX; i++) {
		if (bitmap_test(as->spans, i) != ((pde[i] & PTE_P) != 0))
			broken(fi, "check: aspace %p: pde %u is %x\n", (void *)as, i, pde[i]);
		if (!(pde[i] & PTE_P))
			continue;
		tables++;
		count_table(as, frame_of_pfn(pte_pfn(pde[i])), i << TABLE_SHIFT, fi);
	}
	if (tables != as->tables)
		broken(fi, "check: aspace %p: %u tables counted, %u said\n", (void *)as, tables,
		       as->tables);
}

static void suspect_add(struct findings *fi, uint32_t pfn)
{
	if (fi->count < SUSPECTS_MAX)
		fi->suspects[fi->count++] = (struct suspect){
			.pfn = pfn, .refs = frames[pfn].refs, .counted = counts[pfn]};
}

/* Kernel memory has one reference that only its owner knows. */
static uint32_t owner_refs(const struct frame *f)
{
	return f->flags & (FRAME_SLAB | FRAME_KERNEL | FRAME_RESERVED) || f == zero_frame ? 1 : 0;
}

static void compare(struct findings *fi)
{
	uint32_t cached = 0, slots = 0;

	for (uint32_t pfn = 0; pfn < frame_count; pfn++) {
		struct frame *f = &frames[pfn];

		counts[pfn] += owner_refs(f);
		slots += f->rmap[0] ? rmap_count(f) : 0;
		if (f->backing) {
			cached++;
			if (radix_lookup(&f->backing->pages, f->index) == f)
				counts[pfn]++;
			if (frame_is(f, FRAME_ANON))
				swap_check_count(swap_entry_of(f));
		}
		if (counts[pfn] != f->refs)
			suspect_add(fi, pfn);
	}
	if (slots != fi->slots)
		broken(fi, "check: %u entries counted, %u in the reverse map\n", fi->slots, slots);
	if (cached != cache_frames())
		broken(fi, "check: %u cached frames counted, %u said\n", cached, cache_frames());
}

static void look(struct findings *fi, bool verbose)
{
	memset(fi, 0, sizeof(*fi));
	fi->verbose = verbose;
	preempt_disable();
	memset(counts, 0, frame_count * sizeof(*counts));
	swap_check_begin();
	aspace_each(count_space, fi);
	compare(fi);
	fi->broken += pmm_check() + kmalloc_check() + zpool_check(verbose);
	fi->swap_off = swap_check_end(verbose);
	fi->lists_off = policy_set_check(verbose);
	preempt_enable();
}

/* ---- believing ---- */

static bool suspect_again(const struct findings *fi, const struct suspect *s)
{
	for (uint32_t i = 0; i < fi->count; i++)
		if (memcmp(&fi->suspects[i], s, sizeof(*s)) == 0)
			return true;
	return false;
}

/* Keep in old only what now shows in the same way. */
static void narrow(struct findings *old, const struct findings *now)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < old->count; i++)
		if (suspect_again(now, &old->suspects[i]))
			old->suspects[kept++] = old->suspects[i];
	old->count = kept;
	old->broken = MIN(old->broken, now->broken);
	if (old->swap_off != now->swap_off)
		old->swap_off = 0;
	if (old->lists_off != now->lists_off)
		old->lists_off = 0;
}

static uint32_t faults(const struct findings *fi)
{
	return fi->count + fi->broken + (fi->swap_off != 0) + (fi->lists_off != 0);
}

static void pause_for_ticks(uint32_t n)
{
	thread_sleep_prepare(THREAD_SLEEPING);
	thread_sleep(clock_now() + n * NSEC_PER_TICK);
	thread_sleep_cancel();
}

static void suspect_report(const struct suspect *s)
{
	struct frame *f = &frames[s->pfn];

	log("check: frame %x: refs %u, counted %u, flags %x, backing %p index %u\n", s->pfn,
	    s->refs, s->counted, f->flags, (void *)f->backing, f->index);
}

uint32_t vm_check(void)
{
	static struct findings first, again; /* Under check_mutex: too large for the stack. */
	uint32_t bad;

	mutex_lock(&check_mutex);
	look(&first, false);
	for (uint32_t i = 1; i <= LOOKS && faults(&first) > 0; i++) {
		pause_for_ticks(i);
		look(&again, i == LOOKS);
		if (first.count == SUSPECTS_MAX)
			first = again; /* More than could be noted: begin again. */
		else
			narrow(&first, &again);
	}
	for (uint32_t i = 0; i < first.count; i++)
		suspect_report(&first.suspects[i]);
	bad = faults(&first);
	mutex_unlock(&check_mutex);
	return bad;
}
