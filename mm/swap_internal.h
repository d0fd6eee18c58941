/* swap_internal.h: what the files of swap share. */
#pragma once

#include "mm/swap.h"
#include "mm/swap_map.h"

struct swap_area {
	struct backing cache; /* The swap cache of this area. */
	struct swap_map map;  /* Under swap_lock. map.slots is 0: no such area. */
	struct radix moved;   /* Bad slot -> entry that has its page; swap_moved_lock. */
	struct swap_store *store;
	int32_t priority;
	bool closing;	  /* Nothing more goes there. */
	struct list link; /* By priority; under swap_lock. */
};

extern struct spinlock swap_lock, swap_moved_lock;
extern struct swap_area swap_areas[SWAP_AREAS_MAX];

static inline struct swap_area *swap_area_of(uint32_t swp)
{
	return &swap_areas[pte_swap_type(swp)];
}

static inline struct swap_area *swap_area_of_cache(struct backing *b)
{
	return container_of(b, struct swap_area, cache);
}

static inline uint32_t swap_entry(const struct swap_area *a, uint32_t slot)
{
	return pte_swap((uint32_t)(a - swap_areas), slot);
}

extern const struct backing_ops swap_backing_ops;

/* How many pages to read for this entry, to which side. */
uint32_t swap_window_adapt(struct swap_window *w, uint32_t swp);

/* A slot of this area, though it may be closing; 0: none is free. */
uint32_t swap_alloc_in(struct swap_area *a);

/* Whether to bring back one more page from an area that is closing. 0; -EINTR: somebody wants the caller to end;
 * -ENOMEM: or the area to be open again. */
int swap_remove_may_go_on(uint32_t type);

/* Keep the page of swp, whose slot cannot be written, under another. 0; or -errno, and it is kept nowhere. */
int swap_write_elsewhere(uint32_t swp, struct frame *f);
