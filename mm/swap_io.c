/*
 * swap_io.c: pages to and from slots: how far a fault reads ahead, and slots that fail.
 *
 * A slot that cannot be written is marked bad, and its page goes to another one: entries that name the bad slot
 * lead there by area->moved, as a disk does with its own bad sectors, because nobody can find these entries
 * to change them. A slot that cannot be read has lost its page: whoever wants it is told so.
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/log.h"
#include "mm/aspace.h"
#include "mm/swap_internal.h"
#include "mm/vmstat.h"
#include "mm/vmtrace.h"
#include "mm/zpool.h"

#define WRITE_TRIES 8

uint32_t swap_page_cluster = 4;

/* ---- reading ahead ---- */

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/*
 * How many pages to read for this entry. When half of those read ahead last time were wanted, twice as many as
 * then, else half as many. Alone at least one hint is needed: that the last one read was a neighbour.
 */
uint32_t swap_window_adapt(struct swap_window *w, uint32_t swp)
{
	uint32_t most =
		MIN(1u << MIN(atomic_load(&swap_page_cluster), 31u), (uint32_t)BACKING_CLUSTER_MAX);

	if (w->ahead > 0)
		w->size = w->hits * 2 >= w->ahead ? w->size * 2 : w->size / 2;
	else if (w->size <= 1)
		w->size = distance(swp, w->last) == pte_swap(0, 1) - pte_swap(0, 0) ? 2 : 1;
	w->size = MAX(1u, MIN(w->size, most));
	w->hits = 0;
	return w->size;
}

int swap_get(uint32_t swp, struct swap_window *w, struct frame **out)
{
	struct swap_area *a = swap_area_of(swp);
	uint32_t slot = pte_swap_slot(swp), n = swap_window_adapt(w, swp), first = slot,
		 end = slot + n;

	if (a->moved.count > 0) { /* A slot that stands in for another is nobody's page. */
		end = slot + 1;
	} else if (swp < w->last) { /* Going down. */
		first = slot - MIN(slot, n - 1);
		end = slot + 1;
	}
	spin_lock(&swap_lock);
	swap_map_trim(&a->map, slot, &first, &end);
	spin_unlock(&swap_lock);
	w->last = swp;
	w->ahead = end - first - 1;
	return cache_get_cluster(&a->cache, slot, first, end, out);
}

/* ---- slots that fail ---- */

static void mark_bad(uint32_t swp, bool write)
{
	struct swap_area *a = swap_area_of(swp);

	log("swap: %s: slot %u cannot be %s and is not used again\n", a->store->name,
	    pte_swap_slot(swp), write ? "written" : "read");
	spin_lock(&swap_lock);
	swap_map_mark_bad(&a->map, pte_swap_slot(swp));
	spin_unlock(&swap_lock);
}

/* The entry under which the page of swp is kept. */
static uint32_t where(uint32_t swp)
{
	struct swap_area *a = swap_area_of(swp);
	uint32_t moved;

	spin_lock(&swap_moved_lock);
	moved = (uint32_t)radix_lookup(&a->moved, pte_swap_slot(swp));
	spin_unlock(&swap_moved_lock);
	return moved ? moved : swp;
}

static int io_at(uint32_t swp, bool write, struct frame *const *f, uint32_t n)
{
	struct swap_store *s = swap_area_of(swp)->store;
	int err = s->io(s, write, pte_swap_slot(swp), f, n);

	vm_count_add(write ? VM_PSWPOUT : VM_PSWPIN, err ? 0 : n);
	if (err && n == 1)
		mark_bad(swp, write);
	return err;
}

int swap_disk_io(uint32_t swp, bool write, struct frame *const *f, uint32_t n)
{
	int err = 0;

	if (likely(swap_area_of(swp)->moved.count == 0))
		return io_at(swp, write, f, n);
	for (uint32_t i = 0; i < n && !err; i++)
		err = io_at(where(swap_next(swp, i)), write, &f[i], 1);
	return err;
}

/* Does the pool take, or have, the page? It answers for reads as the disk would. */
static bool pool_io(uint32_t swp, bool write, struct frame *f, int *err)
{
	if (write)
		return zpool_store(swp, f);
	*err = zpool_load(swp, f);
	if (*err != -ENOENT)
		return true;
	*err = 0;
	return false;
}

static void trace_io(uint32_t swp, bool write, struct frame *const *f, uint32_t n)
{
	for (uint32_t i = 0; i < n && vmtrace_on; i++) {
		uint32_t page = frame_pfn(f[i]) << PAGE_SHIFT;

		vmtrace(write ? VMTRACE_SWAPOUT : VMTRACE_SWAPIN, NULL, swap_next(swp, i),
			write ? page : 0, write ? 0 : page, 0);
	}
}

/* What the pool has no part in goes to the disk, in runs that are as long as they can be. */
int swap_io(uint32_t swp, bool write, struct frame *const *f, uint32_t n)
{
	uint32_t run = 0;
	int err = 0;

	for (uint32_t i = 0; i < n && !err; i++) {
		if (!pool_io(swap_next(swp, i), write, f[i], &err)) {
			run++;
			continue;
		}
		if (run > 0 && !err)
			err = swap_disk_io(swap_next(swp, i - run), write, f + i - run, run);
		run = 0;
	}
	if (run > 0 && !err)
		err = swap_disk_io(swap_next(swp, n - run), write, f + n - run, run);
	if (!err)
		trace_io(swp, write, f, n);
	return err;
}

/* The page of swp is kept under to from now on. */
static int move(uint32_t swp, uint32_t to)
{
	struct swap_area *a = swap_area_of(swp);
	uint32_t before;
	int err;

	spin_lock(&swap_moved_lock);
	before = (uint32_t)radix_remove(&a->moved, pte_swap_slot(swp));
	err = radix_insert(&a->moved, pte_swap_slot(swp), (void *)to);
	spin_unlock(&swap_moved_lock);
	if (before)
		swap_put(before);
	return err;
}

int swap_write_elsewhere(uint32_t swp, struct frame *f)
{
	int err = -EIO;

	for (uint32_t i = 0; i < WRITE_TRIES && err; i++) {
		uint32_t to = swap_alloc_in(swap_area_of(swp));

		if (!to)
			break;
		err = io_at(to, true, &f, 1);
		if (!err)
			err = move(swp, to);
		if (err)
			swap_put(to);
	}
	return err;
}
