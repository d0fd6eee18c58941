/* mm_fixture.c: see mm_fixture.h. */

#include "tests/kernel/mm_fixture.h"

#include "arch/x86/mmu.h"
#include "mm/pgtable.h"
#include "mm/vmstat.h"

void fixture_switch(struct aspace *as)
{
	struct thread *t = thread_current();

	preempt_disable();
	t->aspace = as;
	t->pgdir = as ? as->pgdir_phys : 0;
	mmu_load(as ? as->pgdir_phys : mmu_kernel_pgdir());
	preempt_enable();
}

struct aspace *fixture_enter(void)
{
	struct aspace *as = aspace_create();

	if (as)
		fixture_switch(as);
	return as;
}

void fixture_leave(void)
{
	fixture_switch(NULL);
}

bool fixture_map(struct aspace *as, uint32_t va, uint32_t pages)
{
	uint32_t flags = VM_READ | VM_WRITE | VM_MAYWRITE;

	return aspace_map(as, va, pages * PAGE_SIZE, flags, MAP_HOW_FIXED, NULL, 0) == (int32_t)va;
}

bool poke(uint32_t va, uint32_t value)
{
	return put_user_u32((void *)va, value) == 0;
}

bool peek(uint32_t va, uint32_t *value)
{
	return get_user_u32(value, (void *)va) == 0;
}

bool peek_is(uint32_t va, uint32_t value)
{
	uint32_t got;

	return peek(va, &got) && got == value;
}

uint32_t pfn_at(struct aspace *as, uint32_t va)
{
	return pte_pfn(pgtable_get(as, va));
}

uint32_t events(uint32_t event)
{
	return atomic_load(&vm_events[event]);
}
