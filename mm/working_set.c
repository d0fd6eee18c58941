/* working_set.c: see working_set.h. */

#include "mm/working_set.h"

#include "kernel/abi/errno.h"
#include "mm/kmalloc.h"
#include "mm/reftrace.h"

#define SETS_MAX 255

KMEM_CACHE(working_set_cache, struct working_set);

static struct spinlock sets_lock = SPINLOCK_INIT("working sets", RANK_LEAF);
static struct working_set *sets[SETS_MAX + 1]; /* By number; 0 is nobody's. sets_lock to change. */
static uint8_t *set_of; /* By pfn: the number of the set that the frame is in. */

/* A number for ws. */
static int number_take(struct working_set *ws)
{
	int err = -EAGAIN;

	spin_lock(&sets_lock);
	for (uint32_t i = 1; i <= SETS_MAX && err; i++)
		if (!sets[i]) {
			sets[i] = ws;
			ws->number = (uint8_t)i;
			err = 0;
		}
	spin_unlock(&sets_lock);
	return err;
}

static void number_give(struct working_set *ws)
{
	spin_lock(&sets_lock);
	sets[ws->number] = NULL;
	spin_unlock(&sets_lock);
}

int working_set_create(uint32_t limit, bool traced, struct working_set **out)
{
	struct working_set *ws;
	int err;

	if (!set_of)
		set_of = kzalloc(frame_count);
	ws = set_of ? kmem_cache_zalloc(&working_set_cache) : NULL;
	if (!ws)
		return -ENOMEM;
	ws->refs = 1;
	ws->set.capacity = limit;
	spin_init(&ws->set.lock, "working set", RANK_POLICY);
	err = number_take(ws);
	if (!err && traced) {
		err = reftrace_create(limit, &ws->trace);
		if (err)
			number_give(ws);
	}
	if (err)
		kmem_cache_free(&working_set_cache, ws);
	else
		*out = ws;
	return err;
}

void working_set_put(struct working_set *ws)
{
	if (!ws || atomic_dec_return(&ws->refs) != 0)
		return;
	if (ws->trace)
		reftrace_destroy(ws->trace, ws->faults);
	for (uint32_t i = 0; i < frame_count; i++)
		if (set_of[i] == ws->number) {
			frame_clear(frame_of_pfn(i), FRAME_LISTED);
			set_of[i] = 0;
		}
	number_give(ws);
	kmem_cache_free(&working_set_cache, ws);
}

static void join_locked(struct working_set *ws, struct frame *f)
{
	if (ws->trace)
		reftrace_in(ws->trace, f);
	set_of[frame_pfn(f)] = ws->number;
	frame_set(f, FRAME_LISTED);
	ws->set.pages++;
	ws->faults++;
}

void working_set_touched(struct working_set *ws, struct frame *f, uint32_t va,
			 enum vm_access access, uint32_t space)
{
	spin_lock(&ws->set.lock);
	if (set_of[frame_pfn(f)] == 0)
		join_locked(ws, f);
	if (set_of[frame_pfn(f)] == ws->number && ws->trace)
		reftrace_touched(ws->trace, f, va, access, space);
	spin_unlock(&ws->set.lock);
}

void working_set_leave(struct frame *f)
{
	struct working_set *ws = sets[set_of[frame_pfn(f)]];

	spin_lock(&ws->set.lock);
	if (ws->trace)
		reftrace_removed(ws->trace, f);
	set_of[frame_pfn(f)] = 0;
	ws->set.pages--;
	spin_unlock(&ws->set.lock);
}
