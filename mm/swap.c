/*
 * swap.c: areas, their slots, and frames that enter and leave the swap cache. See swap.h.
 *
 * Whether a frame may leave the swap cache is decided with the frame BUSY, by the slot's count alone: 1 means
 * that no entry leads to it, so nobody can find it any more but through the page tables that show it. BUSY
 * keeps eviction from making new entries meanwhile.
 */

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/aspace.h"
#include "mm/cache_internal.h"
#include "mm/rmap.h"
#include "mm/swap_internal.h"
#include "mm/zpool.h"

struct spinlock swap_moved_lock = SPINLOCK_INIT("swap_moved", RANK_POLICY);
struct spinlock swap_lock = SPINLOCK_INIT("swap", RANK_LEAF);
struct swap_area swap_areas[SWAP_AREAS_MAX];

static struct list by_priority = LIST_INIT(by_priority); /* Areas in use, highest first. */

/* ---- areas ---- */

/* Behind those of the same priority: they take turns. */
static void area_insert_locked(struct swap_area *a)
{
	struct list *pos = by_priority.prev;

	while (pos != &by_priority &&
	       list_entry(pos, struct swap_area, link)->priority < a->priority)
		pos = pos->prev;
	list_insert_between(&a->link, pos, pos->next);
}

/* The first of these is -2, as on Linux. */
static int32_t lowest_priority_locked(void)
{
	struct swap_area *a;
	int32_t lowest = -1;

	list_for_each_entry(a, &by_priority, link)
		lowest = MIN(lowest, a->priority);
	return lowest - 1;
}

static void area_open_locked(struct swap_area *a, struct swap_store *s, struct swap_map *map,
			     int32_t priority)
{
	if (!a->cache.ops) /* Who comes late still looks into an area that is gone. */
		backing_init(&a->cache, &swap_backing_ops, 0);
	a->cache.page_flags = FRAME_ANON;
	atomic_store(&a->cache.size_pages, map->slots);
	a->map = *map;
	a->store = s;
	a->priority = priority >= 0 ? priority : lowest_priority_locked();
	a->closing = false;
	area_insert_locked(a);
}

int swap_add(struct swap_store *s, uint32_t slots, int32_t priority, const uint32_t *bad,
	     uint32_t bad_count)
{
	struct swap_map map;
	uint32_t type = 0;
	int err = swap_map_create(&map, slots);

	if (err)
		return err;
	for (uint32_t i = 0; i < bad_count; i++)
		swap_map_mark_bad(&map, bad[i]);
	spin_lock(&swap_lock);
	while (type < SWAP_AREAS_MAX && swap_areas[type].store)
		type++;
	if (type < SWAP_AREAS_MAX)
		area_open_locked(&swap_areas[type], s, &map, priority);
	spin_unlock(&swap_lock);
	if (type < SWAP_AREAS_MAX)
		return (int)type;
	swap_map_destroy(&map);
	return -EBUSY;
}

bool swap_area_info(uint32_t *type, struct swap_area_info *info)
{
	const struct swap_area *a;
	bool found = false;

	spin_lock(&swap_lock);
	while (*type < SWAP_AREAS_MAX && !found) {
		a = &swap_areas[*type];
		found = a->map.slots > 0;
		if (found) {
			*info = (struct swap_area_info){.store = a->store,
							.type = *type,
							.slots = a->map.good,
							.in_use = a->map.in_use,
							.priority = a->priority};
			strlcpy(info->name, a->store->name, sizeof(info->name));
		}
		++*type;
	}
	spin_unlock(&swap_lock);
	return found;
}

/* Sums over the areas that pages may go to. */
static void count_slots(uint32_t *free, uint32_t *good)
{
	struct swap_area *a;

	*free = *good = 0;
	spin_lock(&swap_lock);
	list_for_each_entry(a, &by_priority, link) {
		*free += a->closing ? 0 : a->map.free;
		*good += a->closing ? 0 : a->map.good;
	}
	spin_unlock(&swap_lock);
}

uint32_t swap_free_pages(void)
{
	uint32_t free, good;

	count_slots(&free, &good);
	return free;
}

uint32_t swap_total_pages(void)
{
	uint32_t free, good;

	count_slots(&free, &good);
	return good;
}

bool swap_full(void)
{
	return swap_free_pages() == 0;
}

uint32_t swap_cached_pages(void)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < SWAP_AREAS_MAX; i++)
		sum += atomic_load(&swap_areas[i].cache.pages.count);
	return sum;
}

/* ---- slots ---- */

/* A slot of a. At the end of a cluster it is another's turn. */
static uint32_t area_alloc_locked(struct swap_area *a)
{
	uint32_t slot = swap_map_alloc(&a->map);

	if (slot % SWAP_CLUSTER == SWAP_CLUSTER - 1) {
		list_remove(&a->link);
		area_insert_locked(a);
	}
	return slot ? swap_entry(a, slot) : 0;
}

uint32_t swap_alloc(void)
{
	struct swap_area *a;
	uint32_t swp = 0;

	spin_lock(&swap_lock);
	list_for_each_entry(a, &by_priority, link) {
		swp = a->closing ? 0 : area_alloc_locked(a);
		if (swp)
			break;
	}
	spin_unlock(&swap_lock);
	return swp;
}

uint32_t swap_alloc_in(struct swap_area *a)
{
	uint32_t swp;

	spin_lock(&swap_lock);
	swp = area_alloc_locked(a);
	spin_unlock(&swap_lock);
	return swp;
}

int swap_dup(uint32_t swp)
{
	int err;

	spin_lock(&swap_lock);
	err = swap_map_dup(&swap_area_of(swp)->map, pte_swap_slot(swp));
	spin_unlock(&swap_lock);
	return err;
}

static uint32_t map_put(uint32_t swp)
{
	uint32_t left;

	spin_lock(&swap_lock);
	left = swap_map_put(&swap_area_of(swp)->map, pte_swap_slot(swp));
	spin_unlock(&swap_lock);
	return left;
}

/* One less remembers the slot, whose page may be kept elsewhere. How many are left. */
static uint32_t slot_put(uint32_t swp)
{
	struct swap_area *a = swap_area_of(swp);
	uint32_t left = zpool_put(swp, map_put), elsewhere = 0;

	if (left == 0 && unlikely(a->moved.count > 0)) {
		spin_lock(&swap_moved_lock);
		elsewhere = (uint32_t)radix_remove(&a->moved, pte_swap_slot(swp));
		spin_unlock(&swap_moved_lock);
	}
	if (elsewhere)
		slot_put(elsewhere); /* Good when it was taken, so it leads no further. */
	return left;
}

void swap_put(uint32_t swp)
{
	struct frame *f;

	if (slot_put(swp) != 1)
		return;
	f = cache_lookup(&swap_area_of(swp)->cache, pte_swap_slot(swp));
	if (!f)
		return;
	swap_reap(f);
	frame_put(f);
}

void swap_put_mapped(uint32_t swp)
{
	slot_put(swp);
}

uint32_t swap_count(uint32_t swp)
{
	return swap_map_count(&swap_area_of(swp)->map, pte_swap_slot(swp));
}

/* The cache remembers the slot of each of its pages; it keeps no page that nobody else does. */
static int area_charge(struct backing *b, uint32_t index, int32_t pages)
{
	uint32_t swp = swap_entry(swap_area_of_cache(b), index);

	if (pages > 0)
		return swap_dup(swp);
	slot_put(swp);
	return 0;
}

/* ---- the swap cache ---- */

uint32_t swap_entry_of(const struct frame *f)
{
	return swap_entry(swap_area_of_cache(f->backing), f->index);
}

int swap_reserve(struct frame *f)
{
	uint32_t swp = swap_alloc();
	int err;

	if (!swp)
		return -ENOSPC;
	frame_set(f, FRAME_UPTODATE);
	err = cache_add(&swap_area_of(swp)->cache, pte_swap_slot(swp), f);
	if (err)
		frame_clear(f, FRAME_UPTODATE);
	else
		cache_dirty(f);
	slot_put(swp); /* The cache remembers it now. */
	return err;
}

bool swap_holds(uint32_t swp, const struct frame *f)
{
	return f->backing == &swap_area_of(swp)->cache && f->index == pte_swap_slot(swp);
}

/* The frame leaves if its slot is remembered by the cache alone; *swp is the slot's entry, 0: it is in no cache. False:
 * it stays. */
static bool try_leave(struct frame *f, uint32_t *swp)
{
	bool leaves;

	*swp = 0;
	if (!frame_busy_trylock(f, RANK_BUSY))
		return false;
	if (frame_is(f, FRAME_ANON) && f->backing)
		*swp = swap_entry_of(f);
	leaves = *swp && swap_count(*swp) == 1;
	if (leaves) {
		cache_remove(f);
		frame_clear(f, FRAME_UPTODATE);
	}
	frame_busy_unlock(f, RANK_BUSY);
	return leaves;
}

/* Whoever is the last to forget the slot while we have f BUSY to look at the count leaves it to us. */
bool swap_leave(struct frame *f)
{
	uint32_t swp;
	bool leaves;

	do
		leaves = try_leave(f, &swp);
	while (!leaves && swp && swap_count(swp) == 1 && swap_holds(swp, f));
	return leaves;
}

struct frame *swap_peek(uint32_t swp, struct swap_window *w)
{
	struct frame *f = cache_peek(&swap_area_of(swp)->cache, pte_swap_slot(swp));

	if (f && !rmap_is_mapped(f))
		w->hits++;
	return f;
}

/* ---- reading and writing ---- */

static int area_read(struct backing *b, struct frame *const *f, uint32_t n)
{
	return swap_io(swap_entry(swap_area_of_cache(b), f[0]->index), false, f, n);
}

static int area_write(struct backing *b, struct frame *const *f, uint32_t n)
{
	uint32_t swp = swap_entry(swap_area_of_cache(b), f[0]->index);
	int err = swap_io(swp, true, f, n);

	return err && n == 1 ? swap_write_elsewhere(swp, f[0]) : err;
}

/* Areas are never freed. */
static void area_keep(struct backing *b)
{
	(void)b;
}

const struct backing_ops swap_backing_ops = {
	.read = area_read,
	.write = area_write,
	.charge = area_charge,
	.get = area_keep,
	.put = area_keep,
};
