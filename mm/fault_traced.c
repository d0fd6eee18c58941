/* fault_traced.c: a fault as an event: what was there before and after it, and what it took. */

#include "arch/x86/cpu.h"
#include "mm/fault_case.h"
#include "mm/pgtable_internal.h"

static pte_t pde_now(const struct fault *ft, uint32_t va)
{
	return ft->as && va < USER_END ? atomic_load(pde_of(ft->as, va)) : 0;
}

static pte_t pte_now(const struct fault *ft, uint32_t va)
{
	return ft->as && va < USER_END ? pgtable_get_effective(ft->as, va) : 0;
}

/* What became of the table, as VMTRACE_TABLE_*. */
static uint8_t table_change(pte_t was, pte_t now)
{
	if (!((was ^ now) & (PTE_P | PTE_W | PTE_FRAME)) || !(now & PTE_P))
		return 0;
	if (!(was & PTE_P))
		return VMTRACE_TABLE_NEW;
	return pte_pfn(was) == pte_pfn(now) ? VMTRACE_TABLE_TAKEN : VMTRACE_TABLE_COPIED;
}

int fault_traced(struct fault *ft, uint32_t va, uint32_t error, uint32_t sp)
{
	struct vmtrace_event e = {
		.kind = VMTRACE_FAULT,
		.error = (uint8_t)error,
		.space = ft->as ? (uint32_t)ft->as->id : 0,
		.where = va,
		.before = pte_now(ft, va),
	};
	pte_t pde = pde_now(ft, va);
	uint64_t start = rdtsc();
	int err = fault_handle(ft, va, sp);

	e.arg = (uint32_t)MIN(rdtsc() - start, (uint64_t)UINT32_MAX);
	e.result = err;
	e.how = ft->how;
	e.with = ft->with | table_change(pde, pde_now(ft, va));
	e.after = pte_now(ft, va);
	vmtrace_add_fault(&e);
	return err;
}
