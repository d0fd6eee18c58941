/*
 * pgtable.c: page tables as such: their locks, single entries, who owns them, fork. Ranges of entries are in
 * pgtable_range.c. See pgtable.h for the rules.
 *
 * Why a flush of one page is enough after a PDE changed: INVLPG also drops every cached PDE of the
 * current address space (Intel SDM vol. 3, 4.10.4.1), and the entries of a copied table translate to
 * the same frames as the original's.
 */

#include "mm/pgtable_internal.h"

#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/pmm.h"
#include "mm/pageout.h"
#include "mm/swap.h"
#include "mm/vmstat.h"
#include "mm/vmtrace.h"

#define PDE_BITS (PTE_P | PTE_W | PTE_U | PTE_A)

/* ---- locks ---- */

void pgtable_lock(struct frame *table)
{
	preempt_disable();
	lock_rank_acquire(RANK_TABLE, "page table", LOCK_NESTED);
	while (atomic_xchg(&table->table.lock, 1))
		while (atomic_load(&table->table.lock))
			cpu_relax();
}

bool pgtable_trylock(struct frame *table)
{
	preempt_disable();
	if (atomic_xchg(&table->table.lock, 1)) {
		preempt_enable();
		return false;
	}
	lock_rank_acquire(RANK_TABLE, "page table", LOCK_TRIED);
	return true;
}

void pgtable_unlock(struct frame *table)
{
	atomic_store(&table->table.lock, 0);
	lock_rank_release(RANK_TABLE, "page table");
	preempt_enable();
}

/* ---- the directory ---- */

/* The first entry from ptx on that is in a group in use; PTRS_PER_TABLE for none. */
static uint32_t group_from(const struct frame *t, uint32_t ptx)
{
	uint32_t rest = t->groups >> ptx / GROUP_ENTRIES;

	if (!rest)
		return PTRS_PER_TABLE;
	if (rest & 1)
		return ptx;
	return ALIGN_DOWN(ptx, GROUP_ENTRIES) + (uint32_t)__builtin_ctz(rest) * GROUP_ENTRIES;
}

uint32_t ptx_from_far(struct frame *t, uint32_t ptx, uint32_t behind)
{
	while (ptx < behind && (ptx = group_from(t, ptx)) < behind) {
		uint32_t n = MIN(behind, ALIGN_DOWN(ptx, GROUP_ENTRIES) + GROUP_ENTRIES) - ptx;
		uint32_t empty = pte_count_empty(pgtable_entries(t) + ptx, n);

		ptx += empty;
		if (empty < n)
			return ptx;
	}
	return behind;
}

/* The entry for va and that of the directory above it. */
static pte_t look_up(struct aspace *as, uint32_t va, pte_t *pde)
{
	pte_t pte = 0;

	pgtable_lock(as->pgdir);
	*pde = *pde_of(as, va);
	if (*pde & PTE_P)
		pte = pgtable_entries(pde_table(*pde))[va_ptx(va)];
	pgtable_unlock(as->pgdir);
	return pte;
}

pte_t pgtable_get(struct aspace *as, uint32_t va)
{
	pte_t pde;

	return look_up(as, va, &pde);
}

pte_t pgtable_get_effective(struct aspace *as, uint32_t va)
{
	pte_t pde, pte = look_up(as, va, &pde);

	return pte & PTE_P && !(pde & PTE_W) ? pte & ~PTE_W : pte;
}

struct frame *pgtable_lock_at(struct aspace *as, uint32_t va)
{
	struct frame *t = NULL;
	pte_t pde;

	pgtable_lock(as->pgdir);
	pde = *pde_of(as, va);
	if (pde & PTE_P) {
		t = pde_table(pde);
		pgtable_lock(t);
	}
	pgtable_unlock(as->pgdir);
	return t;
}

struct frame *pgtable_hold(struct aspace *as, uint32_t va, bool writable)
{
	struct frame *f = NULL;
	pte_t pde;

	pgtable_lock(as->pgdir);
	pde = *pde_of(as, va);
	/* Entries of a table that is shared may have W: only the directory's tells. */
	if (pde & PTE_P && (!writable || pde & PTE_W)) {
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

struct entry_sums {
	uint32_t present, zero, swapped; /* As in struct frame. */
};

/* Add up what the tables of as hold. */
static struct entry_sums count_entries(struct aspace *as)
{
	struct entry_sums sums = {0, 0, 0};

	pgtable_lock(as->pgdir);
	for (uint32_t i = pdx_from(as, 0); i < KERNEL_PDX; i = pdx_from(as, i + 1)) {
		struct frame *t = pde_table(((pte_t *)kmap(as->pgdir))[i]);

		sums.present += t->table.present;
		sums.zero += t->table.zero;
		sums.swapped += t->table.swapped;
	}
	pgtable_unlock(as->pgdir);
	return sums;
}

uint32_t aspace_resident(struct aspace *as)
{
	struct entry_sums sums = count_entries(as);

	return sums.present - sums.zero - sums.swapped;
}

uint32_t aspace_swapped(struct aspace *as)
{
	return count_entries(as).swapped;
}

uint32_t aspace_entries(struct aspace *as)
{
	/* lab counts: of all entries, which show a frame? */
	struct entry_sums sums = count_entries(as);

	return sums.present - sums.swapped;
	/* lab end: (void)as; return 0; */
}

/* ---- owning ---- */

static struct frame *table_alloc(void)
{
	struct frame *t = frame_alloc_wait(ALLOC_ZERO);

	if (!t)
		return NULL;
	frame_set(t, FRAME_TABLE);
	t->table.lock = 0;
	t->groups = 0;
	t->table.present = t->table.zero = t->table.swapped = 0;
	return t;
}

/* Let to, which is empty, hold what pte of another table does. 0 or -ENOMEM. */
static inline int copy_entry(struct frame *copy, pte_t *to, pte_t pte)
{
	struct frame *f = pte_frame(pte);
	int err = f ? 0 : swap_dup(pte);

	if (!err)
		err = pgtable_fill(copy, to, pte, f);
	if (!err && f)
		frame_get(f);
	return err;
}

/*
 * Fill copy with the entries of t. Both lose W: a page that two tables hold must be copied before
 * either writes it, and a shared one just faults once more. No flush: every PDE that points at t has
 * had W clear since the fork that shared it. On -ENOMEM copy holds some of them.
 */
static int table_copy_entries(struct frame *copy, struct frame *t)
{
	pte_t *from = pgtable_entries(t), *to = pgtable_entries(copy);

	for (uint32_t i = 0; (i = ptx_from(t, from, i, PTRS_PER_TABLE)) < PTRS_PER_TABLE; i++) {
		pte_t pte = from[i];

		if ((pte & (PTE_P | PTE_W)) == (PTE_P | PTE_W)) {
			pte &= ~PTE_W;
			vmtrace_entry(VMTRACE_RIGHTS, &from[i], pte);
			from[i] = pte;
		}
		if (copy_entry(copy, &to[i], pte) != 0)
			return -ENOMEM;
	}
	return 0;
}

/*
 * The PDE points at a table without PDE.W: take it back if we are the last to point at it, else use
 * *spare when there is one, which then becomes the table that we no longer point at. The directory is
 * locked. On -ENOMEM the PDE is as it was and *spare may have entries.
 */
static int table_claim(pte_t *pde, struct frame **spare)
{
	struct frame *t = pde_table(*pde);
	int err = 0;

	pgtable_lock(t);
	if (t->refs == 1) {
		*pde |= PTE_W;
		vm_count(VM_TABLE_OWN);
	} else if (*spare) {
		err = table_copy_entries(*spare, t);
		if (!err) {
			*pde = pte_make(frame_pfn(*spare), PDE_BITS);
			vm_count(VM_TABLE_COPY);
			*spare = t;
		}
	}
	pgtable_unlock(t);
	return err;
}

/* The slow half of pgtable_own: a new table, our own again, or a copy of a shared one. */
static int table_own_slow(struct aspace *as, uint32_t va, pte_t *pde)
{
	struct frame *spare = NULL;
	int err = 0;

	if (!(atomic_load(pde) & PTE_P) || pde_table(*pde)->refs > 1) {
		spare = table_alloc();
		if (!spare)
			return -ENOMEM;
	}
	pgtable_lock(as->pgdir);
	if (!(*pde & PTE_P) && spare) {
		pde_set(as, va, pte_make(frame_pfn(spare), PDE_BITS));
		spare = NULL;
	} else if ((*pde & (PTE_P | PTE_W)) == PTE_P) {
		pte_t was = *pde;

		err = table_claim(pde, &spare);
		vmtrace(VMTRACE_TABLE, as, ALIGN_DOWN(va, TABLE_SPAN), was, *pde, 0);
		tlb_flush_page(as->pgdir_phys, va);
	}
	pgtable_unlock(as->pgdir);
	if (spare)
		table_drop_one(as, spare, va);
	return err;
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

	for (uint32_t i = pdx_from(src, 0); i < KERNEL_PDX; i = pdx_from(src, i + 1)) {
		pte_t pde = from[i], shared = pde & ~PTE_W;

		/* No lock: our own reference keeps other sharers from finding refs = 1. */
		frame_get(pde_table(pde));
		from[i] = to[i] = shared;
		if (unlikely(vmtrace_on)) {
			vmtrace_add_plain(VMTRACE_TABLE, src, i << TABLE_SHIFT, pde, shared, 0);
			vmtrace_add_plain(VMTRACE_TABLE, dst, i << TABLE_SHIFT, 0, shared, 0);
		}
	}
	vm_count_add(VM_TABLE_SHARE, src->tables);
	dst->tables = src->tables;
	memcpy(dst->spans, src->spans, sizeof(dst->spans));
	tlb_flush_user(src->pgdir_phys);
}
