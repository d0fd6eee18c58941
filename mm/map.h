/*
 * map.h: areas and their pages changed together, for the rest of mm. The aspace is write-locked by the
 * caller; areas that fall away are handed back on a list, because dropping a backing may sleep and take
 * locks that come before the aspace's: the caller frees them after unlocking.
 */
#pragma once

#include "mm/aspace.h"

/* Add an area over the free range [start, end), merging with its neighbours. Takes a reference on backing.
 * 0, or -ENOMEM (memory, a limit, the commit limit). */
int map_insert_locked(struct aspace *as, uint32_t start, uint32_t end, uint32_t flags,
		      struct backing *backing, uint32_t pgoff);

/* Unmap [start, end). Areas that are gone are added to *dead. 0, or -ENOMEM with nothing changed. */
int map_remove_locked(struct aspace *as, uint32_t start, uint32_t end, struct vma **dead);

/* A truncated backing: no address space shows its pages from first on any more, private copies of them
 * included. Takes every aspace's lock in turn. Costs a walk over all spaces if anybody maps it at all. */
void map_zap_backing(struct backing *b, uint32_t first);

struct vma *vma_clone(const struct vma *v); /* With its own reference on the backing; NULL. */
void vma_free(struct vma *v);		    /* Drops the backing. May sleep. */
void vma_free_list(struct vma *dead);
