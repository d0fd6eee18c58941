/*
 * fault_swap.c: faults of pages that are in swap.
 *
 * The page is found in the swap cache, or read into it. To be read, it is mapped as it is and keeps its
 * slot, so that it need not be written to go again. To be written, it is taken out of the swap cache if our
 * entry is the only one that leads there; else it is mapped to be read, and the next fault makes a copy.
 *
 * An entry may change, and its slot be given to another page, until its table is locked. If the entry is there
 * then, the slot's page is ours, and the frame is that page if it is still in the cache as such: for no frame
 * leaves the swap cache while an entry leads to it and somebody holds it.
 */

#include "kernel/abi/errno.h"
#include "mm/fault_case.h"
#include "mm/rmap.h"
#include "mm/swap.h"
#include "mm/swapin.h"

/* The page's frame, with a reference. */
static int get_frame(struct fault *ft, struct frame **out)
{
	*out = swap_peek(ft->old, &ft->as->swap_window);
	if (*out)
		return 0;
	ft->with |= VMTRACE_READ;
	vm_count(VM_PGMAJFAULT);
	atomic_inc(&ft->as->major_faults);
	if (atomic_load(&vm_swapin_process)) {
		swapin_fetch(ft->old);
		*out = swap_peek(ft->old, &ft->as->swap_window);
		if (*out)
			return 0;
	}
	return swap_get(ft->old, &ft->as->swap_window, out);
}

/* Is our entry the only one that leads to f, which is in the swap cache? It stays so while its table is locked,
 * because who wants to remember the page must find such an entry first. */
static bool is_sole_owner(const struct fault *ft, const struct frame *f)
{
	return !rmap_is_mapped(f) && swap_count(ft->old) == 2;
}

/* Map f itself. 0; -EAGAIN: the entry has changed; -ENOMEM. */
static int install_itself(struct fault *ft, struct frame *f)
{
	uint32_t bits = PTE_READ_BITS;
	int err = -EAGAIN;

	pgtable_lock(ft->table);
	if (*ft->slot == ft->old && swap_holds(ft->old, f)) {
		if (ft->access == ACCESS_WRITE && is_sole_owner(ft, f))
			bits = PTE_WRITE_BITS;
		err = pgtable_set(ft->table, ft->slot, fault_entry(ft, f, bits), f);
	}
	if (!err) {
		frame_get(f);
		if (bits & PTE_W)
			cache_dirty(f); /* Before anybody can clean what we let write. */
		fault_unlock_touched(ft, f);
	} else {
		pgtable_unlock(ft->table);
	}
	return err;
}

int fault_swap(struct fault *ft)
{
	struct frame *f;
	int err = get_frame(ft, &f);

	if (err == -ENOENT || err == -ENXIO)
		return 0; /* The slot, or the area, is gone: so is the entry. */
	if (err)
		return err;
	err = install_itself(ft, f);
	if (!err) {
		fault_decide(ft, VM_FAULT_SWAP);
		swap_put_mapped(ft->old);
		if (ft->access == ACCESS_WRITE)
			swap_leave(f);
	}
	frame_put(f);
	return err == -EAGAIN ? 0 : err;
}
