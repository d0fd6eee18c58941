/* rmap.c: see rmap.h. */

#include "mm/rmap_internal.h"

#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/pgtable.h"
#include "mm/vmtrace.h"

#define NODE_SLOTS 7

/* Full but for the first of a chain, which is never empty; filled from the front. */
struct rmap_node {
	struct rmap_node *next;
	uint32_t slots[NODE_SLOTS]; /* 0: free. */
};

KMEM_CACHE(rmap_cache, struct rmap_node);

/* The chain of a locked set; NULL when rmap[1] is a slot or empty. */
static struct rmap_node *chain_of(const struct frame *f)
{
	return f->rmap[1] >= KERNEL_BASE ? (struct rmap_node *)f->rmap[1] : NULL;
}

/* ---- changing a set ---- */

/* Put a node that holds slot in front of the chain. */
static int chain_push(struct frame *f, uint32_t slot)
{
	struct rmap_node *n = kmem_cache_zalloc(&rmap_cache);

	if (!n)
		return -ENOMEM;
	n->next = chain_of(f);
	n->slots[0] = slot;
	f->rmap[1] = (uint32_t)n;
	return 0;
}

int rmap_add_further(struct frame *f, uint32_t first, uint32_t slot)
{
	uint32_t second = f->rmap[1], i = 0;
	struct rmap_node *n = chain_of(f);
	int err = 0;

	if (!n) {
		err = chain_push(f, second);
		if (!err)
			chain_of(f)->slots[1] = slot;
	} else {
		while (i < NODE_SLOTS && n->slots[i])
			i++;
		if (i < NODE_SLOTS)
			n->slots[i] = slot;
		else
			err = chain_push(f, slot);
	}
	rmap_unlock(f, first);
	return err;
}

/* Where slot is kept in a set of several. */
static uint32_t *place_of(struct frame *f, uint32_t *first, uint32_t slot)
{
	if (*first == slot)
		return first;
	if (f->rmap[1] == slot)
		return &f->rmap[1];
	for (struct rmap_node *n = chain_of(f); n; n = n->next)
		for (uint32_t i = 0; i < NODE_SLOTS && n->slots[i]; i++)
			if (n->slots[i] == slot)
				return &n->slots[i];
	panic("frame %x: slot %x is not in its reverse map", frame_pfn(f), slot);
}

uint32_t *rmap_last(struct frame *f, uint32_t *first)
{
	struct rmap_node *n = chain_of(f);
	uint32_t i = 0;

	if (!n)
		return f->rmap[1] ? &f->rmap[1] : first;
	while (i < NODE_SLOTS - 1 && n->slots[i + 1])
		i++;
	return &n->slots[i];
}

void rmap_pop(struct frame *f, uint32_t *first)
{
	struct rmap_node *n = chain_of(f);

	*rmap_last(f, first) = 0;
	if (!n || n->slots[0])
		return;
	f->rmap[1] = (uint32_t)n->next;
	kmem_cache_free(&rmap_cache, n);
}

void rmap_remove_further(struct frame *f, uint32_t first, uint32_t slot)
{
	if (first == slot && !chain_of(f)) {
		first = f->rmap[1];
		f->rmap[1] = 0;
	} else {
		*place_of(f, &first, slot) = *rmap_last(f, &first);
		rmap_pop(f, &first);
	}
	rmap_unlock(f, first);
}

void rmap_move(struct frame *f, uint32_t from, uint32_t to)
{
	uint32_t first = rmap_lock(f);

	*place_of(f, &first, from) = to;
	rmap_unlock(f, first);
}

/* ---- looking at a set ---- */

/* Call fn for each slot of the locked set until it says false. True when none did. */
static bool each_slot_locked(struct frame *f, uint32_t first, bool (*fn)(uint32_t slot, void *arg),
			     void *arg)
{
	struct rmap_node *n = chain_of(f);

	if (!first || !fn(first, arg))
		return !first;
	if (!n)
		return !f->rmap[1] || fn(f->rmap[1], arg);
	for (; n; n = n->next)
		for (uint32_t i = 0; i < NODE_SLOTS && n->slots[i]; i++)
			if (!fn(n->slots[i], arg))
				return false;
	return true;
}

static bool each_slot(struct frame *f, bool (*fn)(uint32_t slot, void *arg), void *arg)
{
	uint32_t first;
	bool all;

	preempt_disable();
	first = rmap_lock(f);
	all = each_slot_locked(f, first, fn, arg);
	rmap_unlock(f, first);
	preempt_enable();
	return all;
}

static bool add_sharers(uint32_t slot, void *sum)
{
	*(uint32_t *)sum += atomic_load(&slot_table(slot)->refs);
	return true;
}

uint32_t rmap_mapcount(struct frame *f)
{
	uint32_t sum = 0;

	each_slot(f, add_sharers, &sum);
	return sum;
}

static bool add_one(uint32_t slot, void *sum)
{
	(void)slot;
	*(uint32_t *)sum += 1;
	return true;
}

uint32_t rmap_count(struct frame *f)
{
	uint32_t sum = 0;

	each_slot_locked(f, f->rmap[0], add_one, &sum);
	return sum;
}

static bool differs(uint32_t slot, void *wanted)
{
	return slot != *(uint32_t *)wanted;
}

bool rmap_has(struct frame *f, uint32_t slot)
{
	return !each_slot_locked(f, f->rmap[0], differs, &slot);
}

/* ---- eviction ---- */

static bool count_unlocked(uint32_t slot, void *refs)
{
	*(uint32_t *)refs += 1;
	return !(pgtable_entries(slot_table(slot))[slot % PTRS_PER_TABLE] & PTE_LOCKED);
}

/* Are all references to f those of entries, none of them locked, of its cache, and so many others? */
static bool refs_are_known(struct frame *f, uint32_t others)
{
	uint32_t refs = others + (atomic_load(&f->backing) ? 1 : 0);

	return each_slot(f, count_unlocked, &refs) && refs == atomic_load(&f->refs);
}

bool rmap_may_unmap(struct frame *f)
{
	return refs_are_known(f, 1);
}

bool rmap_is_pinned(struct frame *f)
{
	return !refs_are_known(f, 0);
}

/* ---- write protection ---- */

/* False when the table's lock cannot be had at once. The CPU may set bits of the entry meanwhile. An entry
 * that lost W to fork or mprotect before still has D, which is told as a dirty page. */
static bool protect_slot(uint32_t slot, void *changed)
{
	struct frame *table = slot_table(slot);
	pte_t *pte = pgtable_entries(table) + slot % PTRS_PER_TABLE, bits = PTE_D;

	if (!pgtable_trylock(table))
		return false;
	if (*pte & PTE_P)
		bits |= PTE_W; /* In a parked entry this bit means something else. */
	if (*pte & bits) {
		vmtrace_entry(VMTRACE_RIGHTS, pte, *pte & ~bits);
		atomic_and(pte, ~bits);
		*(bool *)changed = true;
	}
	pgtable_unlock(table);
	return true;
}

void rmap_write_protect(struct frame *const *f, uint32_t n)
{
	bool changed = false;

	for (uint32_t i = 0; i < n; i++)
		while (!each_slot(f[i], protect_slot, &changed))
			cpu_relax(); /* The table's owner waits for us: let go, then look again. */
	if (changed)
		tlb_flush_all();
}

/* ---- age ---- */

struct ageing {
	uint32_t how;
	bool young, parked;
};

static bool age_slot(uint32_t slot, void *arg)
{
	struct frame *table = slot_table(slot);
	pte_t *pte = pgtable_entries(table) + slot % PTRS_PER_TABLE;
	struct ageing *a = arg;

	if (!pgtable_trylock(table))
		return false;
	a->young |= (*pte & PTE_A) != 0;
	if (a->how & RMAP_AGE)
		atomic_and(pte, ~PTE_A);
	if (a->how & RMAP_PARK && *pte & PTE_P) {
		vmtrace_entry(VMTRACE_RIGHTS, pte, pte_park(*pte));
		*pte = pte_park(*pte);
		a->parked = true;
	}
	pgtable_unlock(table);
	return true;
}

int rmap_try_age(struct frame *f, uint32_t how)
{
	struct ageing a = {.how = how};
	uint32_t first;
	bool all = false;

	preempt_disable();
	if (rmap_trylock(f, &first)) {
		all = each_slot_locked(f, first, age_slot, &a);
		rmap_unlock(f, first);
	}
	if (a.parked)
		tlb_flush_all();
	preempt_enable();
	return all ? a.young : -EAGAIN;
}
