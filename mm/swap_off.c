/*
 * swap_off.c: give an area up: every page that is there comes back to whoever remembers it.
 *
 * Nothing more goes to an area that is closing. Its slots are looked for in all page tables, which are edited in
 * place for all who share them: a page comes back parked, so that the next touch finds out what is allowed, and
 * as clean as it was. Then shared memory gives up its slots. Who is in the middle of a fault or fork may hold a
 * slot a little longer, so we go round until nobody does. Pages that came back stay so when not all can: they
 * are merely in memory. When memory runs out meanwhile, pageout opens the area again.
 */

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/aspace.h"
#include "mm/cache_internal.h"
#include "mm/pgtable.h"
#include "mm/shm.h"
#include "mm/swap_internal.h"

#define ROUNDS_WITHOUT 50 /* A tick apart, none of which gained a slot. */

/* The first entry at or after *va that leads to the area; 0: none. */
static uint32_t find_entry(struct aspace *as, uint32_t type, uint32_t *va)
{
	for (uint32_t stop; *va < USER_END; *va = stop) {
		struct frame *t = pgtable_lock_at(as, *va);
		uint32_t swp = 0;
		pte_t *pte;

		stop = ALIGN_DOWN(*va, TABLE_SPAN) + TABLE_SPAN;
		if (!t)
			continue;
		pte = pgtable_entries(t) + va_ptx(*va);
		for (; t->table.swapped > 0 && *va < stop && !swp; *va += PAGE_SIZE, pte++)
			if (pte_is_swapped(*pte) && pte_swap_type(*pte) == type)
				swp = *pte;
		pgtable_unlock(t);
		if (swp) {
			*va -= PAGE_SIZE;
			return swp;
		}
	}
	return 0;
}

/* Let the entry at va hold f instead, if both are still what they were. 0 or -ENOMEM. */
static int replace_entry(struct aspace *as, uint32_t va, uint32_t swp, struct frame *f)
{
	struct frame *t = pgtable_lock_at(as, va);
	pte_t *pte = t ? pgtable_entries(t) + va_ptx(va) : NULL;
	int err = -ENOENT;

	if (!t)
		return 0;
	if (*pte == swp && swap_holds(swp, f))
		err = pgtable_set(t, pte, pte_park(pte_make(frame_pfn(f), 0)), f);
	if (!err)
		frame_get(f);
	pgtable_unlock(t);
	if (!err)
		swap_put_mapped(swp);
	swap_leave(f);
	return err == -ENOENT ? 0 : err;
}

int swap_remove_may_go_on(uint32_t type)
{
	if (atomic_load(&thread_current()->signal_pending))
		return -EINTR;
	return atomic_load(&swap_areas[type].closing) ? 0 : -ENOMEM;
}

/* Bring back what this space has in the area. The lock keeps nobody from faulting. */
static int empty_space(struct aspace *as, uint32_t type)
{
	struct swap_window w = {.size = BACKING_CLUSTER_MAX};
	uint32_t swp, va = 0;
	struct frame *f;
	int err = 0;

	rwlock_read_lock(&as->lock);
	while (!err && (err = swap_remove_may_go_on(type)) == 0 &&
	       (swp = find_entry(as, type, &va)) != 0) {
		f = swap_peek(swp, &w);
		if (!f)
			err = swap_get(swp, &w, &f);
		if (!err) {
			err = replace_entry(as, va, swp, f);
			frame_put(f);
		} else if (err == -ENOENT) {
			err = 0; /* Somebody was faster. */
		}
		va += PAGE_SIZE;
	}
	rwlock_read_unlock(&as->lock);
	return err;
}

static int empty_spaces(uint32_t type)
{
	struct aspace *as = NULL;
	int err = 0;

	while (!err && (as = aspace_next(as)) != NULL)
		err = empty_space(as, type);
	if (err)
		aspace_put(as);
	return err;
}

/* Pages whose slot only the swap cache remembers need no search. */
static void empty_cache(struct swap_area *a)
{
	uint32_t slot = 0;
	struct frame *f;

	while ((f = cache_next(&a->cache, &slot)) != NULL) {
		swap_leave(f);
		frame_put(f);
	}
}

static void pause_for_tick(void)
{
	thread_sleep_prepare(THREAD_SLEEPING);
	thread_sleep(clock_now() + NSEC_PER_TICK);
	thread_sleep_cancel();
}

/* Until nobody remembers a slot. */
static int empty_area(struct swap_area *a, uint32_t type)
{
	uint32_t before = UINT32_MAX, without = 0;
	int err = 0;

	while (!err && atomic_load(&a->map.in_use) > 0 && without < ROUNDS_WITHOUT) {
		empty_cache(a);
		err = empty_spaces(type);
		if (!err)
			err = shm_empty_swap(type);
		if (a->map.in_use < before) {
			before = a->map.in_use;
			without = 0;
		} else {
			without++;
			pause_for_tick();
		}
	}
	return err;
}

/* Take the area away if it is empty; its map is then the caller's. */
static bool area_close(struct swap_area *a, struct swap_map *map)
{
	bool empty;

	spin_lock(&swap_lock);
	empty = a->map.in_use == 0;
	if (empty) {
		*map = a->map;
		a->map = (struct swap_map){.slots = 0};
		list_remove(&a->link);
		a->store = NULL;
	}
	a->closing = false;
	spin_unlock(&swap_lock);
	return empty;
}

bool swap_remove_abort(void)
{
	bool any = false;

	spin_lock(&swap_lock);
	for (struct swap_area *a = swap_areas; a < swap_areas + SWAP_AREAS_MAX; a++) {
		any |= a->closing;
		atomic_store(&a->closing, false);
	}
	spin_unlock(&swap_lock);
	return any;
}

int swap_remove(uint32_t type)
{
	struct swap_area *a = &swap_areas[type];
	struct swap_map map;
	bool ours;
	int err;

	spin_lock(&swap_lock);
	ours = a->map.slots > 0 && !a->closing;
	a->closing |= ours;
	spin_unlock(&swap_lock);
	if (!ours)
		return -EINVAL;
	err = empty_area(a, type);
	if (!area_close(a, &map))
		return err ? err : -EBUSY;
	swap_map_destroy(&map);
	return 0;
}
