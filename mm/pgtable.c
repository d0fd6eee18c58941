/*
 * pgtable.c: see pgtable.h for the rules.
 *
 * Why a flush of one page is enough after a PDE changed: INVLPG also drops every cached PDE of the
 * current address space (Intel SDM vol. 3, 4.10.4.1), and the entries of a copied table translate to
 * the same frames as the original's.
 */

#include "mm/pgtable.h"

#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/fault_internal.h"
#include "mm/pmm.h"
#include "mm/vmstat.h"

#define PDE_BITS (PTE_P | PTE_W | PTE_U | PTE_A)
#define GATHER_MAX 64

/* ---- locks ---- */

void pgtable_lock(struct frame *table)
{
	preempt_disable();
	lock_rank_acquire(RANK_TABLE, "page table", LOCK_NESTED);
	while (atomic_xchg(&table->table.lock, 1))
		while (atomic_load(&table->table.lock))
			cpu_relax();
}

void pgtable_unlock(struct frame *table)
{
	atomic_store(&table->table.lock, 0);
	lock_rank_release(RANK_TABLE, "page table");
	preempt_enable();
}

/* ---- the directory ---- */

static pte_t *pde_of(struct aspace *as, uint32_t va)
{
	return (pte_t *)kmap(as->pgdir) + va_pdx(va);
}

static struct frame *pde_table(pte_t pde)
{
	return frame_of_pfn(pte_pfn(pde));
}

pte_t pgtable_get(struct aspace *as, uint32_t va)
{
	pte_t pde, pte = 0;

	pgtable_lock(as->pgdir);
	pde = *pde_of(as, va);
	if (pde & PTE_P)
		pte = pgtable_entries(pde_table(pde))[va_ptx(va)];
	pgtable_unlock(as->pgdir);
	return pte;
}

static bool pte_is_zero_page(pte_t pte)
{
	return pte_kind(pte) != PTE_KIND_EMPTY && frame_of_pfn(pte_pfn(pte)) == zero_frame;
}

void pgtable_set(struct frame *table, pte_t *pte, pte_t now)
{
	table->table.present +=
		(pte_kind(now) != PTE_KIND_EMPTY) - (pte_kind(*pte) != PTE_KIND_EMPTY);
	table->table.zero += pte_is_zero_page(now) - pte_is_zero_page(*pte);
	*pte = now;
}

/* ---- letting go ---- */

/* Frames and tables that may be put only after the flush. */
struct gather {
	struct aspace *as;   /* Who loses them; NULL: whoever shares the tables. */
	uint32_t start, end; /* Range that lost entries; empty when start >= end. */
	struct frame *frames[GATHER_MAX];
	uint32_t count;
};

/* Not an initialiser, which would clear the array as well. */
static void gather_init(struct gather *g, struct aspace *as)
{
	g->as = as;
	g->start = UINT32_MAX;
	g->end = 0;
	g->count = 0;
}

static void gather_flush(struct gather *g)
{
	if (g->start >= g->end)
		return;
	if (!g->as)
		tlb_flush_all();
	else if (g->end - g->start == PAGE_SIZE)
		tlb_flush_page(g->as->pgdir_phys, g->start);
	else
		tlb_flush_user(g->as->pgdir_phys);
	for (uint32_t i = 0; i < g->count; i++)
		frame_put(g->frames[i]);
	g->count = 0;
	g->start = UINT32_MAX;
	g->end = 0;
}

static void gather_add(struct gather *g, uint32_t va, struct frame *f)
{
	g->start = MIN(g->start, va);
	g->end = MAX(g->end, va + PAGE_SIZE);
	g->frames[g->count++] = f;
}

/* Empty the entries of [start, end), all in table t; private pages only with copies. */
static void table_empty_range(struct gather *g, struct frame *t, uint32_t start, uint32_t end,
			      bool copies)
{
	pte_t *pte = pgtable_entries(t) + va_ptx(start);

	pgtable_lock(t);
	for (uint32_t va = start; va != end && t->table.present > 0; va += PAGE_SIZE, pte++) {
		pte_t old = *pte;

		if (pte_kind(old) == PTE_KIND_EMPTY)
			continue;
		if (!copies && frame_is(frame_of_pfn(pte_pfn(old)), FRAME_ANON))
			continue;
		pgtable_set(t, pte, 0);
		gather_add(g, va, frame_of_pfn(pte_pfn(old)));
		if (g->count == GATHER_MAX) {
			pgtable_unlock(t);
			gather_flush(g);
			pgtable_lock(t);
		}
	}
	pgtable_unlock(t);
}

/*
 * Drop one directory's reference to t, which spans from va. The last one empties and frees it. Nobody's
 * PDE of ours points at it any more and the flush of that is done.
 */
static void table_put(struct gather *g, struct frame *t, uint32_t va)
{
	bool last;

	pgtable_lock(t);
	last = t->refs == 1;
	if (!last)
		atomic_dec(&t->refs);
	pgtable_unlock(t);
	if (!last)
		return;
	table_empty_range(g, t, va, va + TABLE_SPAN, true);
	gather_flush(g);
	frame_clear(t, FRAME_TABLE);
	frame_put(t);
}

struct frame *pgtable_hold(struct aspace *as, uint32_t va, bool writable)
{
	struct frame *f = NULL;
	pte_t pde;

	pgtable_lock(as->pgdir);
	pde = *pde_of(as, va);
	if (pde & PTE_P) {
		struct frame *t = pde_table(pde);
		pte_t pte;

		pgtable_lock(t);
		pte = pgtable_entries(t)[va_ptx(va)];
		if (pte & PTE_P && (!writable || pte & PTE_W)) {
			f = frame_of_pfn(pte_pfn(pte));
			frame_get(f);
		}
		pgtable_unlock(t);
	}
	pgtable_unlock(as->pgdir);
	return f;
}

/* ---- owning ---- */

static struct frame *table_alloc(void)
{
	struct frame *t = frame_alloc(ALLOC_ZERO);

	if (!t)
		return NULL;
	frame_set(t, FRAME_TABLE);
	t->table.lock = 0;
	t->table.present = t->table.zero = 0;
	return t;
}

/*
 * Fill copy with the entries of t. Both lose W: a page that two tables hold must be copied before
 * either writes it, and a shared one just faults once more. No flush: every PDE that points at t has
 * had W clear since the fork that shared it.
 */
static void table_copy_entries(struct frame *copy, struct frame *t)
{
	pte_t *from = pgtable_entries(t), *to = pgtable_entries(copy);

	for (uint32_t i = 0, left = t->table.present; left > 0; i++) {
		pte_t pte = from[i];

		if (pte_kind(pte) == PTE_KIND_EMPTY)
			continue;
		left--;
		if (pte & PTE_P)
			from[i] = pte &= ~PTE_W;
		to[i] = pte;
		frame_get(frame_of_pfn(pte_pfn(pte)));
	}
	copy->table.present = t->table.present;
	copy->table.zero = t->table.zero;
}

/*
 * The PDE points at a table without PDE.W: take it back if we are the last to point at it, else use
 * copy when there is one. Returns the table that we no longer point at, or NULL. The directory is locked.
 */
static struct frame *table_claim(pte_t *pde, struct frame *copy)
{
	struct frame *t = pde_table(*pde), *left = NULL;

	pgtable_lock(t);
	if (t->refs == 1) {
		*pde |= PTE_W;
		vm_count(VM_TABLE_OWN);
	} else if (copy) {
		table_copy_entries(copy, t);
		*pde = pte_make(frame_pfn(copy), PDE_BITS);
		vm_count(VM_TABLE_COPY);
		left = t;
	}
	pgtable_unlock(t);
	return left;
}

/* table_put outside of any unmapping: t was seldom the last sharer's. */
static void table_put_alone(struct aspace *as, struct frame *t, uint32_t va)
{
	struct gather g;

	gather_init(&g, as);
	table_put(&g, t, ALIGN_DOWN(va, TABLE_SPAN));
}

/* The slow half of pgtable_own: a new table, our own again, or a copy of a shared one. */
static int table_own_slow(struct aspace *as, uint32_t va, pte_t *pde)
{
	struct frame *fresh = NULL, *left = NULL;

	if (!(atomic_load(pde) & PTE_P) || pde_table(*pde)->refs > 1) {
		fresh = table_alloc();
		if (!fresh)
			return -ENOMEM;
	}
	pgtable_lock(as->pgdir);
	if (!(*pde & PTE_P) && fresh) {
		*pde = pte_make(frame_pfn(fresh), PDE_BITS);
		as->tables++;
		fresh = NULL;
	} else if ((*pde & (PTE_P | PTE_W)) == PTE_P) {
		left = table_claim(pde, fresh);
		tlb_flush_page(as->pgdir_phys, va);
	}
	pgtable_unlock(as->pgdir);
	if (left || fresh)
		table_put_alone(as, left ? left : fresh, va);
	return 0;
}

int pgtable_own(struct aspace *as, uint32_t va, struct frame **table)
{
	pte_t *pde = pde_of(as, va);

	/* Seldom more than once: when the last other sharer left or came between two looks. */
	while (unlikely((atomic_load(pde) & (PTE_P | PTE_W)) != (PTE_P | PTE_W))) {
		int err = table_own_slow(as, va, pde);

		if (err)
			return err;
	}
	*table = pde_table(*pde);
	return 0;
}

/* ---- fork ---- */

void pgtable_share(struct aspace *dst, struct aspace *src)
{
	pte_t *from = kmap(src->pgdir), *to = kmap(dst->pgdir);

	for (uint32_t i = 0, left = src->tables; left > 0; i++) {
		struct frame *t;

		if (!(from[i] & PTE_P))
			continue;
		left--;
		t = pde_table(from[i]);
		/* No lock: our own reference keeps other sharers from finding refs = 1. */
		frame_get(t);
		from[i] &= ~PTE_W;
		to[i] = from[i];
	}
	vm_count_add(VM_TABLE_SHARE, src->tables);
	dst->tables = src->tables;
	tlb_flush_user(src->pgdir_phys);
}

/* ---- unmapping ---- */

/* This space lets go of the whole table behind *pde. */
static void table_drop(struct gather *g, pte_t *pde, uint32_t va)
{
	struct frame *t = pde_table(*pde);

	*pde = 0;
	g->as->tables--;
	g->start = MIN(g->start, va);
	g->end = MAX(g->end, va + TABLE_SPAN);
	gather_flush(g);
	table_put(g, t, va);
}

/* May the table that spans [span, span + 4 MiB) go as a whole when [start, end) is unmapped? */
static bool drops_whole(uint32_t span, uint32_t floor, uint32_t ceiling)
{
	return floor <= span && span + (TABLE_SPAN - 1) < ceiling;
}

/* Own every table that will be changed in part. Owning alone changes nothing anyone can see. */
static int own_range(struct aspace *as, uint32_t start, uint32_t end, uint32_t floor,
		     uint32_t ceiling)
{
	for (uint32_t span = ALIGN_DOWN(start, TABLE_SPAN); span < end; span += TABLE_SPAN) {
		struct frame *t;
		int err;

		if (!(*pde_of(as, span) & PTE_P) || drops_whole(span, floor, ceiling))
			continue;
		err = pgtable_own(as, span, &t);
		if (err)
			return err;
	}
	return 0;
}

int pgtable_unmap(struct aspace *as, uint32_t start, uint32_t end, uint32_t floor, uint32_t ceiling)
{
	struct gather g;
	int err = own_range(as, start, end, floor, ceiling);

	if (err)
		return err;
	gather_init(&g, as);
	for (uint32_t span = ALIGN_DOWN(start, TABLE_SPAN); span < end; span += TABLE_SPAN) {
		pte_t *pde = pde_of(as, span);

		if (!(*pde & PTE_P))
			continue;
		if (drops_whole(span, floor, ceiling))
			table_drop(&g, pde, span);
		else
			table_empty_range(&g, pde_table(*pde), MAX(start, span),
					  MIN(end, span + TABLE_SPAN), true);
	}
	gather_flush(&g);
	return 0;
}

void pgtable_destroy(struct aspace *as)
{
	pte_t *pde = kmap(as->pgdir);
	struct gather g;

	gather_init(&g, as);
	for (uint32_t va = 0; as->tables > 0; va += TABLE_SPAN, pde++)
		if (*pde & PTE_P)
			table_drop(&g, pde, va);
}

void pgtable_zap(struct aspace *as, uint32_t start, uint32_t end, bool copies)
{
	struct gather g;

	gather_init(&g, NULL);
	for (uint32_t span = ALIGN_DOWN(start, TABLE_SPAN); span < end; span += TABLE_SPAN) {
		pte_t pde = *pde_of(as, span);

		if (pde & PTE_P)
			table_empty_range(&g, pde_table(pde), MAX(start, span),
					  MIN(end, span + TABLE_SPAN), copies);
	}
	gather_flush(&g);
}

/* ---- moving ---- */

/* How much of left bytes moves within one table at both ends. All of a span: the table itself moves. */
static uint32_t move_part(uint32_t from, uint32_t to, uint32_t left)
{
	uint32_t room = TABLE_SPAN - MAX(from & (TABLE_SPAN - 1), to & (TABLE_SPAN - 1));

	return MIN(left, room);
}

/* Own the tables of which only entries move, and make those they move to. */
static int own_for_move(struct aspace *as, uint32_t from, uint32_t to, uint32_t len)
{
	for (uint32_t at = 0, part; at < len; at += part) {
		struct frame *t;
		int err = 0;

		part = move_part(from + at, to + at, len - at);
		if (part == TABLE_SPAN || !(*pde_of(as, from + at) & PTE_P))
			continue;
		err = pgtable_own(as, from + at, &t);
		if (!err)
			err = pgtable_own(as, to + at, &t);
		if (err)
			return err;
	}
	return 0;
}

static void move_table(struct gather *g, uint32_t from, uint32_t to)
{
	pte_t *source = pde_of(g->as, from), *target = pde_of(g->as, to);

	if (*target & PTE_P)
		table_drop(g, target, to);
	*target = *source;
	*source = 0;
}

/* One after the other, because both may lie in one table; the space is ours alone meanwhile. */
static void move_entries(struct aspace *as, uint32_t from, uint32_t to, uint32_t len)
{
	struct frame *source = pde_table(*pde_of(as, from)), *target = pde_table(*pde_of(as, to));
	pte_t *old = pgtable_entries(source) + va_ptx(from);
	pte_t *new = pgtable_entries(target) + va_ptx(to);

	for (uint32_t i = 0; i < len >> PAGE_SHIFT; i++) {
		pte_t pte = old[i];

		if (pte_kind(pte) == PTE_KIND_EMPTY)
			continue;
		pgtable_lock(source);
		pgtable_set(source, &old[i], 0);
		pgtable_unlock(source);
		pgtable_lock(target);
		pgtable_set(target, &new[i], pte);
		pgtable_unlock(target);
	}
}

int pgtable_move(struct aspace *as, uint32_t from, uint32_t to, uint32_t len)
{
	struct gather g;
	int err = own_for_move(as, from, to, len);

	if (err)
		return err;
	gather_init(&g, as);
	for (uint32_t at = 0, part; at < len; at += part) {
		part = move_part(from + at, to + at, len - at);
		if (!(*pde_of(as, from + at) & PTE_P))
			continue;
		if (part == TABLE_SPAN)
			move_table(&g, from + at, to + at);
		else
			move_entries(as, from + at, to + at, part);
	}
	tlb_flush_user(as->pgdir_phys);
	return 0;
}

/* ---- protection ---- */

/* The entry for a page of an area that now has prot. */
static pte_t pte_restrict(pte_t pte, uint32_t prot)
{
	uint32_t keep = pte & (PTE_FRAME | PTE_A | PTE_D);

	switch (pte_kind(pte)) {
	case PTE_KIND_EMPTY:
		return pte;
	case PTE_KIND_PRESENT:
		if (!prot)
			return keep | PTE_PARKED;
		return prot & VM_WRITE ? pte : pte & ~PTE_W;
	case PTE_KIND_PARKED:
		return prot ? keep | PTE_P | PTE_U : pte;
	}
	panic("pte %x has no kind", pte);
}

static void table_protect_range(struct gather *g, struct frame *t, uint32_t start, uint32_t end,
				uint32_t prot)
{
	pte_t *pte = pgtable_entries(t) + va_ptx(start);

	pgtable_lock(t);
	for (uint32_t va = start; va != end; va += PAGE_SIZE, pte++) {
		pte_t now = pte_restrict(*pte, prot);

		if (now == *pte)
			continue;
		*pte = now;
		g->start = MIN(g->start, va);
		g->end = MAX(g->end, va + PAGE_SIZE);
	}
	pgtable_unlock(t);
}

int pgtable_protect(struct aspace *as, uint32_t start, uint32_t end, uint32_t prot)
{
	struct gather g;
	int err = own_range(as, start, end, UINT32_MAX, 0);

	if (err)
		return err;
	gather_init(&g, as);
	for (uint32_t span = ALIGN_DOWN(start, TABLE_SPAN); span < end; span += TABLE_SPAN) {
		pte_t pde = *pde_of(as, span);

		if (pde & PTE_P)
			table_protect_range(&g, pde_table(pde), MAX(start, span),
					    MIN(end, span + TABLE_SPAN), prot);
	}
	gather_flush(&g);
	return 0;
}

uint32_t aspace_resident(struct aspace *as)
{
	uint32_t n = 0;

	pgtable_lock(as->pgdir);
	for (uint32_t i = 0; i < KERNEL_PDX; i++) {
		pte_t pde = ((pte_t *)kmap(as->pgdir))[i];

		if (pde & PTE_P)
			n += pde_table(pde)->table.present - pde_table(pde)->table.zero;
	}
	pgtable_unlock(as->pgdir);
	return n;
}
