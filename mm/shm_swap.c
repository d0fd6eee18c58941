/*
 * shm_swap.c: pages of shared memory that go to swap. See shm.h.
 *
 * A page is written to a fresh slot each time, next to its neighbours', and the slot it had is given back. While
 * it is written it is BUSY, so nobody reads the old one.
 */

#include "kernel/abi/errno.h"
#include "kernel/sync/mutex.h"
#include "mm/aspace.h"
#include "mm/cache_internal.h"
#include "mm/kmalloc.h"
#include "mm/shm.h"
#include "mm/swap_internal.h"

#define WRITE_TRIES 8

static struct list all = LIST_INIT(all);
static struct spinlock all_lock = SPINLOCK_INIT("shm_swap", RANK_LEAF);
static struct mutex emptying = MUTEX_INIT(emptying, RANK_ASPACE);

bool shm_stores(const struct backing *b)
{
	return b->ops->read == shm_read;
}

/* ---- remembering ---- */

uint32_t shm_swapped(const struct backing *b)
{
	return atomic_load(&b->swapped_pages);
}

uint32_t shm_slot(struct backing *b, uint32_t index)
{
	uint32_t swp;

	if (!atomic_load(&b->swapped))
		return 0;
	spin_lock(&b->lock);
	swp = shm_slot_locked(b, index);
	spin_unlock(&b->lock);
	return swp;
}

/* The entry that was remembered, 0: none. A backing that remembers none needs nothing to do so. */
static uint32_t slot_remove_locked(struct backing *b, uint32_t index)
{
	struct shm_swap *s = b->swapped;
	uint32_t swp = s ? (uint32_t)radix_remove(&s->slots, index) : 0;

	atomic_store(&b->swapped_pages, s ? s->slots.count : 0);
	if (!s || s->slots.count > 0)
		return swp;
	b->swapped = NULL;
	spin_lock(&all_lock);
	list_remove(&s->link);
	spin_unlock(&all_lock);
	kfree(s);
	return swp;
}

static int slot_insert_locked(struct backing *b, uint32_t index, uint32_t swp)
{
	struct shm_swap *s = b->swapped;
	int err;

	if (!s) {
		s = kzalloc(sizeof(*s));
		if (!s)
			return -ENOMEM;
		s->backing = b;
		b->swapped = s;
		spin_lock(&all_lock);
		list_add_tail(&all, &s->link);
		spin_unlock(&all_lock);
	}
	err = radix_insert(&s->slots, index, (void *)swp);
	atomic_store(&b->swapped_pages, s->slots.count);
	if (err)
		slot_remove_locked(b, index); /* Of none: lets go of an empty one. */
	return err;
}

/* The page, which is BUSY and in the cache, is in this slot now, 0: in none; our count of it goes to the backing.
 * On -ENOMEM it is in none. */
static int slot_set(struct backing *b, uint32_t index, uint32_t swp)
{
	uint32_t before;
	int err = 0;

	spin_lock(&b->lock);
	before = slot_remove_locked(b, index);
	if (swp)
		err = slot_insert_locked(b, index, swp);
	spin_unlock(&b->lock);
	if (before)
		swap_put(before);
	if (err)
		swap_put(swp);
	return err;
}

static void slot_drop_locked(struct backing *b, uint32_t index, uint32_t *swp)
{
	*swp = slot_remove_locked(b, index);
	if (*swp && b->ops->charge && !radix_lookup(&b->pages, index))
		b->ops->charge(b, index, -1);
}

/* The page, which somebody has brought in from its slot, goes with it: else it would be old and in no slot. */
static void forget_cached(struct backing *b, uint32_t index, struct frame *f)
{
	uint32_t swp = 0;

	frame_busy_lock(f, b->busy_rank);
	if (f->backing == b) {
		spin_lock(&b->lock);
		slot_drop_locked(b, index, &swp); /* First: whoever finds no page would read it. */
		spin_unlock(&b->lock);
		cache_remove(f);
	}
	cache_release(b, f);
	if (swp)
		swap_put(swp);
}

/* Forget the slot of the first page in [*index, end), which it leads to. False: there is none. */
static bool forget_next(struct backing *b, uint32_t *index, uint32_t end)
{
	struct frame *f = NULL;
	uint32_t swp = 0;
	bool any;

	spin_lock(&b->lock);
	any = b->swapped && radix_next(&b->swapped->slots, index) && *index < end;
	if (any) {
		f = radix_lookup(&b->pages, *index);
		if (f)
			frame_get(f);
		else
			slot_drop_locked(b, *index, &swp);
	}
	spin_unlock(&b->lock);
	if (swp)
		swap_put(swp);
	if (f)
		forget_cached(b, *index, f);
	return any;
}

/* The mutex is taken even when nothing is remembered: swapoff may have just brought it all back, and still be
 * looking at b. A page that was evicted while we waited for it has another slot by now: it has another turn. */
void shm_forget(struct backing *b, uint32_t first, uint32_t end)
{
	if (!b->ops || !shm_stores(b))
		return;
	mutex_lock(&emptying);
	while (forget_next(b, &first, end))
		;
	mutex_unlock(&emptying);
}

/* ---- reading and writing ---- */

/* The length of the run of entries that follow each other, or are none. */
static uint32_t run_length(const uint32_t *swp, uint32_t n)
{
	uint32_t i = 1, step = swp[0] ? 1u << SWAP_SLOT_SHIFT : 0;

	while (i < n && swp[i] == swp[0] + i * step)
		i++;
	return i;
}

int shm_read(struct backing *b, struct frame *const *f, uint32_t n)
{
	uint32_t swp[BACKING_CLUSTER_MAX];
	int err = 0;

	for (uint32_t i = 0; i < n; i++)
		swp[i] = shm_slot(b, f[i]->index);
	for (uint32_t i = 0, run; i < n && !err; i += run) {
		run = run_length(&swp[i], n - i);
		if (swp[i])
			err = swap_io(swp[i], false, &f[i], run);
		else
			backing_zero_from(&f[i], run, 0);
	}
	return err;
}

/* Write to fresh slots. One alone that fails is bad. */
static int write_fresh(struct frame *const *f, uint32_t *swp, uint32_t n)
{
	uint32_t have = 0;
	int err = 0;

	while (have < n && (swp[have] = swap_alloc()) != 0)
		have++;
	if (have < n)
		err = -ENOSPC;
	for (uint32_t i = 0, run; i < n && !err; i += run) {
		run = run_length(&swp[i], n - i);
		err = swap_io(swp[i], true, &f[i], run);
	}
	while (err && have > 0)
		swap_put(swp[--have]);
	return err;
}

int shm_write(struct backing *b, struct frame *const *f, uint32_t n)
{
	uint32_t swp[BACKING_CLUSTER_MAX];
	int err = write_fresh(f, swp, n);

	for (uint32_t i = 1; err && err != -ENOSPC && n == 1 && i < WRITE_TRIES; i++)
		err = write_fresh(f, swp, 1);
	if (err)
		return err;
	for (uint32_t i = 0; i < n; i++) {
		int set_err = slot_set(b, f[i]->index, swp[i]);

		err = err ? err : set_err;
	}
	return err;
}

bool shm_window(struct backing *b, uint32_t index, struct swap_window *w, uint32_t *end)
{
	uint32_t swp, n;

	spin_lock(&b->lock);
	swp = shm_slot_locked(b, index);
	*end = index + 1;
	if (swp) {
		n = swap_window_adapt(w, swp);
		while (*end - index < n &&
		       shm_slot_locked(b, *end) == swp + ((*end - index) << SWAP_SLOT_SHIFT))
			++*end;
		w->last = swp;
		w->ahead = *end - index - 1;
	}
	spin_unlock(&b->lock);
	return swp != 0;
}

/* ---- swapoff ---- */

/* The first page from *index on that b has in the area. */
static bool find_page(struct backing *b, uint32_t type, uint32_t *index)
{
	uint32_t swp = 0;

	spin_lock(&b->lock);
	while (b->swapped && (swp = (uint32_t)radix_next(&b->swapped->slots, index)) != 0 &&
	       pte_swap_type(swp) != type)
		++*index;
	if (!b->swapped)
		swp = 0;
	spin_unlock(&b->lock);
	return swp != 0;
}

/* The pages come into the cache, dirty, and are in no slot. A page that is not to be had because it is behind the
 * end is about to be forgotten. */
static int empty_backing(struct backing *b, uint32_t type)
{
	struct frame *f;
	int err = 0;

	for (uint32_t index = 0; find_page(b, type, &index); index++) {
		err = swap_remove_may_go_on(type);
		if (!err)
			err = cache_get(b, index, &f);
		if (err)
			break;
		frame_busy_lock(f, b->busy_rank);
		if (f->backing == b) {
			cache_dirty(f);
			slot_set(b, index, 0);
		}
		cache_release(b, f);
	}
	return err == -ENXIO ? 0 : err;
}

/* The i-th of those that have pages in swap; NULL: there are not so many. */
static struct backing *find_backing(uint32_t i)
{
	struct backing *b = NULL;
	struct shm_swap *s;
	uint32_t n = 0;

	spin_lock(&all_lock);
	list_for_each_entry(s, &all, link)
		if (n++ == i)
			b = s->backing;
	spin_unlock(&all_lock);
	return b;
}

/* A backing that falls out of the list moves the others up: who is missed has another turn. */
int shm_empty_swap(uint32_t type)
{
	struct backing *b;
	int err = 0;

	mutex_lock(&emptying);
	for (uint32_t i = 0; !err && (b = find_backing(i)) != NULL; i++)
		err = empty_backing(b, type);
	mutex_unlock(&emptying);
	return err;
}

void shm_check(void)
{
	struct shm_swap *s;
	void *swp;

	list_for_each_entry(s, &all, link)
		for (uint32_t i = 0; (swp = radix_next(&s->slots, &i)) != NULL; i++)
			swap_check_count((uint32_t)swp);
}
