/*
 * map.h: areas and their pages changed together, for the rest of mm. The aspace is write-locked by the
 * caller; areas that fall away are handed back on a list for area_free_list() after unlocking.
 */
#pragma once

#include "mm/aspace.h"

/* Where len bytes that are wanted at addr as how says go: the address, or -errno as aspace_map. */
int32_t map_choose_address(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how);

/* Add an area like this one over its range, which is free, merging with its neighbours. Takes a reference on its
 * backing. 0, or -ENOMEM (memory, a limit, the commit limit). */
int map_insert_locked(struct aspace *as, struct vma *like);

/* The free borders around [start, end): no area lives in [*floor, start) or [end, *ceiling). */
void map_find_borders(struct aspace *as, uint32_t start, uint32_t end, uint32_t *floor,
		      uint32_t *ceiling);

/* Unmap [start, end). Areas that are gone are added to *dead. 0, or -ENOMEM with nothing changed. */
int map_remove_locked(struct aspace *as, uint32_t start, uint32_t end, struct vma **dead);

/* Pages [first, end) of b have left its cache: no address space shows them any more, nor, with copies, what
 * was copied from them. Takes every aspace's lock in turn, so that whoever found such a page before has
 * mapped it before. Costs a walk over all spaces if anybody maps b at all. */
void map_zap_backing(struct backing *b, uint32_t first, uint32_t end, bool copies);
