/*
 * commit.c: how much memory may be promised: vm.overcommit_memory.
 *
 * What counts as committed from its making on, touched or not: private writable areas, shared anonymous
 * memory, segments of System V. What follows from the count depends on the mode (proc_sys_vm(5)): 0 refuses
 * only a single request that memory and swap together could never meet, 1 refuses nothing, 2 keeps the sum
 * under the limit: a share of memory, and all swap.
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "mm/aspace.h"
#include "mm/pmm.h"
#include "mm/swap.h"

uint32_t vm_overcommit_memory;
uint32_t vm_overcommit_ratio = 50, vm_overcommit_kbytes;

static uint32_t committed; /* Atomic: pages. */

uint32_t commit_limit(void)
{
	uint64_t share = (uint64_t)frame_total_count() * vm_overcommit_ratio / 100;

	if (vm_overcommit_kbytes)
		share = vm_overcommit_kbytes / (PAGE_SIZE / 1024);
	return (uint32_t)MIN(share + swap_total_pages(), UINT32_MAX);
}

uint32_t commit_total(void)
{
	return atomic_load(&committed);
}

static __attribute__((noinline)) int charge_within_limit(uint32_t pages)
{
	if (atomic_add_return(&committed, pages) <= commit_limit())
		return 0;
	commit_uncharge(pages);
	return -ENOMEM;
}

int commit_charge(uint32_t pages)
{
	uint32_t memory = frame_total_count();

	if (pages == 0)
		return 0;
	if (vm_overcommit_memory == 2)
		return charge_within_limit(pages);
	if (vm_overcommit_memory == 0 && pages > memory && pages - memory > swap_total_pages())
		return -ENOMEM;
	atomic_add(&committed, pages);
	return 0;
}

void commit_uncharge(uint32_t pages)
{
	ASSERT(atomic_load(&committed) >= pages);
	atomic_sub(&committed, pages);
}
