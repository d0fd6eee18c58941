/*
 * label.h: areas found again by a number.
 *
 * Whoever maps may give an area a label, 1 to VM_LABEL_MAX, kept among its flags: so it goes where the area
 * goes, to every part of one that is cut and to a child, is never merged with another, and is gone with the
 * area. All functions take as->lock.
 */
#pragma once

#include "mm/aspace.h"

#define VM_LABEL(n) ((uint32_t)(n) << VM_LABEL_SHIFT)

/* Where the lowest area with this label starts; 0: there is none. */
uint32_t label_find(struct aspace *as, uint32_t label);

/* A label below limit that no area has: one more than the highest, so that the old ones stay free for long, else the
 * lowest; limit: all are in use. */
uint32_t label_next(struct aspace *as, uint32_t limit);

/* Label [start, end), which lies in one area. 0, -ENOMEM, or -EINVAL: it does not. */
int label_set(struct aspace *as, uint32_t start, uint32_t end, uint32_t label);

/* Unmap all areas with this label. 0, -EINVAL: there are none, -ENOMEM. */
int label_unmap(struct aspace *as, uint32_t label);
