/* populate.h: pages brought in before anybody touches them: MAP_POPULATE, mlock, madvise. */
#pragma once

#include "mm/aspace.h"
#include "mm/fault.h"

/* Bring in what the areas of [start, end) show, private writable pages as if written, until there is no memory.
 * A page that cannot be had is the end; with all, of its area only. 0 or the last failure, as of vm_fault.
 * Takes as->lock. May sleep. */
int populate_range(struct aspace *as, uint32_t start, uint32_t end, bool all);

/* The same for this access. -ENOMEM: a hole, no memory; -EINVAL: an area does not allow it; -EFAULT:
 * the page cannot be had. */
int populate_for(struct aspace *as, uint32_t start, uint32_t end, enum vm_access access);
