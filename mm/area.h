/*
 * area.h: areas that belong to a space: their references, what they cost, cutting and joining them.
 *
 * Changing part of an area cuts it out, changes it and joins it to neighbours that are now alike:
 *
 *	err = area_isolate(as, &v, start, end);
 *	... change v ...
 *	area_join(as, v);
 *
 * The aspace is write-locked by the caller throughout, except where a function says otherwise.
 */
#pragma once

#include "mm/aspace.h"

/* An area that is in no tree yet, with like's range, flags, backing and pgoff, and its own reference on backing; NULL:
 * out of memory. */
struct vma *area_alloc(const struct vma *like);
void area_free(struct vma *v); /* Drops the backing. May sleep, unless others hold the backing. */

/* Areas that were unmapped hang on a list until the space is unlocked: dropping a backing may sleep and
 * take locks that come before the aspace's. */
void area_bury(struct vma *v, struct vma **dead);
void area_free_list(struct vma *dead);

/* flags as they are kept: VM_ACCOUNTED where such an area counts as committed. */
uint32_t area_account_flags(uint32_t flags);

/* Does RLIMIT_DATA limit such an area (getrlimit(2))? */
bool area_is_data(uint32_t flags);

/* May the space have pages more with these flags, and then take them: its limits, the commit limit. 0 or
 * -ENOMEM. area_uncharge gives back. */
int area_charge(struct aspace *as, uint32_t flags, uint32_t pages);
void area_uncharge(struct aspace *as, uint32_t flags, uint32_t pages);

/* The space's own counts when area pages change from flags before to after; limits are not looked at. */
void area_recount(struct aspace *as, uint32_t before, uint32_t after, uint32_t pages);

/* May n pages more be locked? */
bool area_may_lock(const struct aspace *as, uint32_t pages);

/* Cut what lies across start and across end, so that areas begin and end there. *v is the first area that ends
 * after start, and becomes the first that begins there or later. 0, or -ENOMEM with perhaps one cut made: join
 * again. */
int area_isolate(struct aspace *as, struct vma **v, uint32_t start, uint32_t end);

/* v and its neighbours become one where they can be; or the areas that meet at va. */
void area_join(struct aspace *as, struct vma *v);
void area_join_at(struct aspace *as, uint32_t va);

/* Give the part [start, end) of v these flags. 0, or -ENOMEM with nothing changed. */
int area_set_flags(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, uint32_t flags);

/* What area_each does with [start, end), which lies in v; not 0 ends the walk. May change areas within
 * that range. */
typedef int (*area_fn)(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, void *arg);

/*
 * Call fn for every area's part of [start, end). 0, what fn said, or -ENOMEM where nothing is mapped:
 * at the first such page, or with past_holes after all the rest was done. The lock fn needs is held.
 */
int area_each(struct aspace *as, uint32_t start, uint32_t end, bool past_holes, area_fn fn,
	      void *arg);
