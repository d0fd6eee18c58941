/*
 * pgtable_range.c: ranges of entries: unmapped, moved, protected. See pgtable.h for the rules.
 *
 * Entries are emptied first, then translations are flushed, then frames and tables are put: a gather
 * holds what waits for the flush.
 */

#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/pgtable_internal.h"
#include "mm/pmm.h"
#include "mm/swap.h"

#define GATHER_MAX 64

/* ---- letting go ---- */

/* What entries showed, which may be put only after the flush. */
struct gather {
	struct aspace *as;	  /* Who loses them; NULL: whoever shares the tables. */
	uint32_t start, end;	  /* Range that lost entries; empty when start >= end. */
	uint32_t frames, swapped; /* How many of each there are. */
	struct frame *frame[GATHER_MAX];
	pte_t swap[GATHER_MAX];
};

/* Not an initialiser, which would clear the arrays as well. */
static void gather_init(struct gather *g, struct aspace *as)
{
	g->as = as;
	g->start = UINT32_MAX;
	g->end = 0;
	g->frames = g->swapped = 0;
}

/* Nobody can use them any more. */
static void gather_put(struct gather *g)
{
	for (uint32_t i = 0; i < g->swapped; i++)
		swap_put(g->swap[i]);
	for (uint32_t i = 0; i < g->frames; i++)
		swap_reap(g->frame[i]);
	frames_put(g->frame, g->frames);
	g->frames = g->swapped = 0;
}

/* Apart, so that who has gathered nothing does not pay for it. */
static __attribute__((noinline)) void gather_let_go(struct gather *g)
{
	if (!g->as)
		tlb_flush_all();
	else if (g->end - g->start == PAGE_SIZE)
		tlb_flush_page(g->as->pgdir_phys, g->start);
	else
		tlb_flush_user(g->as->pgdir_phys);
	g->start = UINT32_MAX;
	g->end = 0;
	if (g->frames + g->swapped > 0)
		gather_put(g);
}

static inline void gather_flush(struct gather *g)
{
	if (g->start < g->end)
		gather_let_go(g);
}

static bool gather_is_full(const struct gather *g)
{
	return g->frames == GATHER_MAX || g->swapped == GATHER_MAX;
}

/* The page at va has lost its entry. Between two flushes they come in ascending order. */
static void gather_add(struct gather *g, uint32_t va, struct frame *f, pte_t was)
{
	g->start = MIN(g->start, va);
	g->end = va + PAGE_SIZE;
	if (f)
		g->frame[g->frames++] = f;
	else
		g->swap[g->swapped++] = was;
}

static bool pte_is_private(pte_t pte)
{
	struct frame *f = pte_frame(pte);

	return !f || frame_is(f, FRAME_ANON);
}

/* Empty the entries of [start, end), all in table t; private pages only with copies. */
static void table_empty_range(struct gather *g, struct frame *t, uint32_t start, uint32_t end,
			      bool copies)
{
	uint32_t base = ALIGN_DOWN(start, TABLE_SPAN), first = va_ptx(start);
	uint32_t behind = first + ((end - start) >> PAGE_SHIFT);
	pte_t *entries = pgtable_entries(t);

	pgtable_lock(t);
	for (uint32_t i = first; (i = ptx_from(t, entries, i, behind)) < behind; i++) {
		pte_t *pte = entries + i, old = *pte;

		if (!copies && pte_is_private(old))
			continue;
		vmtrace_entry(VMTRACE_UNMAP, pte, 0);
		*pte = 0;
		gather_add(g, base + (i << PAGE_SHIFT), pgtable_leave(t, pte, old), old);
		if (gather_is_full(g)) {
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
	frame_put_zeroed(t);
}

void table_drop_one(struct aspace *as, struct frame *t, uint32_t va)
{
	struct gather g;

	gather_init(&g, as);
	table_put(&g, t, ALIGN_DOWN(va, TABLE_SPAN));
}

/* ---- unmapping ---- */

/* This space lets go of the whole table that spans from va. */
static void table_drop(struct gather *g, uint32_t va)
{
	struct frame *t = pde_table(*pde_of(g->as, va));

	pde_set(g->as, va, 0);
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

		if ((*pde_of(as, span) & (PTE_P | PTE_W)) != PTE_P) /* None, or ours already. */
			continue;
		if (drops_whole(span, floor, ceiling))
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
		pte_t pde = *pde_of(as, span);

		if (!(pde & PTE_P))
			continue;
		if (drops_whole(span, floor, ceiling))
			table_drop(&g, span);
		else
			table_empty_range(&g, pde_table(pde), MAX(start, span),
					  MIN(end, span + TABLE_SPAN), true);
	}
	gather_flush(&g);
	return 0;
}

void pgtable_destroy(struct aspace *as)
{
	struct gather g;

	gather_init(&g, as);
	for (uint32_t i = pdx_from(as, 0); i < KERNEL_PDX; i = pdx_from(as, i + 1))
		table_drop(&g, i << TABLE_SHIFT);
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

/* The longest step of a move that stays in one table at both ends. */
static uint32_t move_step(uint32_t from, uint32_t to, uint32_t left)
{
	return MIN(left, TABLE_SPAN - MAX(from % TABLE_SPAN, to % TABLE_SPAN));
}

static int own_both(struct aspace *as, uint32_t from, uint32_t to, uint32_t len)
{
	for (uint32_t done = 0, n; done < len; done += n) {
		struct frame *t;
		int err = 0;

		n = move_step(from + done, to + done, len - done);
		if (n == TABLE_SPAN || !(*pde_of(as, from + done) & PTE_P))
			continue;
		err = pgtable_own(as, from + done, &t);
		if (!err)
			err = pgtable_own(as, to + done, &t);
		if (err)
			return err;
	}
	return 0;
}

static void move_entry(struct frame *src, pte_t *from, struct frame *dst, pte_t *to)
{
	struct frame *f = pte_frame(*from);
	bool swapped = pte_is_swapped(*from);

	if (*from == 0)
		return;
	if (f && f != zero_frame)
		rmap_move(f, rmap_slot(from), rmap_slot(to));
	vmtrace_entry(VMTRACE_MOVE, to, *from);
	*to = *from;
	vmtrace_entry(VMTRACE_MOVE, from, 0);
	*from = 0;
	group_use(dst, to);
	src->table.present--;
	dst->table.present++;
	src->table.zero -= f == zero_frame;
	dst->table.zero += f == zero_frame;
	src->table.swapped -= swapped;
	dst->table.swapped += swapped;
}

/* Move len bytes' entries, which one table has and another gets, or the same. Both are ours alone, so no
 * second walker of the reverse map can wait for one with the other locked: those only try. */
static void move_entries(struct aspace *as, uint32_t from, uint32_t to, uint32_t len)
{
	struct frame *src = pde_table(*pde_of(as, from)), *dst = pde_table(*pde_of(as, to));
	pte_t *old = pgtable_entries(src) + va_ptx(from), *new = pgtable_entries(dst) + va_ptx(to);

	pgtable_lock(src);
	if (dst != src)
		pgtable_lock(dst);
	for (uint32_t i = 0; i < len >> PAGE_SHIFT; i++)
		move_entry(src, &old[i], dst, &new[i]);
	if (dst != src)
		pgtable_unlock(dst);
	pgtable_unlock(src);
}

int pgtable_move(struct aspace *as, uint32_t from, uint32_t to, uint32_t len)
{
	int err = own_both(as, from, to, len);

	if (err)
		return err;
	for (uint32_t done = 0, n; done < len; done += n) {
		pte_t *old = pde_of(as, from + done), *new = pde_of(as, to + done), pde = *old;

		n = move_step(from + done, to + done, len - done);
		if (n == TABLE_SPAN) { /* The empty table that may be there goes the other way. */
			pde_set(as, from + done, *new);
			pde_set(as, to + done, pde);
		} else if (pde & PTE_P) {
			move_entries(as, from + done, to + done, n);
		}
	}
	tlb_flush_user(as->pgdir_phys);
	return 0;
}

/* ---- protection ---- */

/* The entry for a page of an area that now has prot. Rights only go here: the next fault gives them. */
static pte_t pte_restrict(pte_t pte, uint32_t prot)
{
	if (pte_kind(pte) != PTE_KIND_PRESENT || prot & VM_WRITE)
		return pte;
	return prot ? pte & ~PTE_W : pte_park(pte);
}

static void table_protect_range(struct gather *g, struct frame *t, uint32_t start, uint32_t end,
				uint32_t prot)
{
	uint32_t base = ALIGN_DOWN(start, TABLE_SPAN), first = va_ptx(start);
	uint32_t behind = first + ((end - start) >> PAGE_SHIFT);
	pte_t *entries = pgtable_entries(t);

	pgtable_lock(t);
	for (uint32_t i = first; (i = ptx_from(t, entries, i, behind)) < behind; i++) {
		pte_t *pte = entries + i, now = pte_restrict(*pte, prot);
		uint32_t va = base + (i << PAGE_SHIFT);

		if (now == *pte)
			continue;
		vmtrace_entry(VMTRACE_RIGHTS, pte, now);
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

/* ---- locking in memory ---- */

static void table_keep_range(struct frame *t, uint32_t start, uint32_t end, bool locked)
{
	pte_t *pte = pgtable_entries(t) + va_ptx(start);

	pgtable_lock(t);
	for (uint32_t n = (end - start) >> PAGE_SHIFT; n > 0; n--, pte++) {
		if (!pte_frame(*pte))
			continue;
		vmtrace_entry(VMTRACE_RIGHTS, pte,
			      (*pte & ~PTE_LOCKED) | (locked ? PTE_LOCKED : 0));
		if (locked)
			atomic_or(pte, PTE_LOCKED);
		else
			atomic_and(pte, ~PTE_LOCKED);
	}
	pgtable_unlock(t);
}

int pgtable_keep(struct aspace *as, uint32_t start, uint32_t end, bool locked)
{
	int err = own_range(as, start, end, UINT32_MAX, 0);

	for (uint32_t span = ALIGN_DOWN(start, TABLE_SPAN); !err && span < end;
	     span += TABLE_SPAN) {
		pte_t pde = *pde_of(as, span);

		if (pde & PTE_P)
			table_keep_range(pde_table(pde), MAX(start, span),
					 MIN(end, span + TABLE_SPAN), locked);
	}
	return err;
}
