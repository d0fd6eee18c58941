/* fault_case.h: one fault on its way: what fault.c and fault_swap.c share. */
#pragma once

#include "mm/fault_internal.h"
#include "mm/pgtable.h"
#include "mm/vmstat.h"
#include "mm/vmtrace.h"

struct fault {
	struct aspace *as;
	struct vma *vma;
	uint32_t va; /* Of the page. */
	enum vm_access access;
	struct frame *table; /* Owned. */
	pte_t *slot;
	pte_t old;
	uint8_t how, with;    /* For those who watch: see struct vmtrace_event. */
	struct frame *victim; /* Has to leave the working set for what came; NULL. */
};

#define PTE_READ_BITS (PTE_P | PTE_U | PTE_A)
#define PTE_WRITE_BITS (PTE_P | PTE_U | PTE_A | PTE_W | PTE_D)

/* The entry that lets the CPU use f as bits say. */
static inline pte_t fault_entry(const struct fault *ft, const struct frame *f, uint32_t bits)
{
	return pte_make(frame_pfn(f), bits | (ft->vma->flags & VM_LOCKED ? PTE_LOCKED : 0));
}

/*
 * Unlock the table, and tell the working set if there is one that the entry shows f now: after the unlock, because
 * the set's policy looks at tables, but before anybody else on this CPU can look at this one.
 */
void fault_unlock_counted(struct fault *ft, struct frame *f);

static inline void fault_unlock_touched(struct fault *ft, struct frame *f)
{
	if (unlikely(ft->as->ws))
		fault_unlock_counted(ft, f);
	else
		pgtable_unlock(ft->table);
}

/* This is what is done about the fault. */
static inline void fault_decide(struct fault *ft, enum vm_event how)
{
	vm_count(how);
	ft->how = (uint8_t)how;
}

/* All that vm_fault() does about va. */
int fault_handle(struct fault *ft, uint32_t va, uint32_t sp);

/* The same while somebody watches. error is the CPU's. */
int fault_traced(struct fault *ft, uint32_t va, uint32_t error, uint32_t sp);

/* The page is in swap. */
int fault_swap(struct fault *ft);
