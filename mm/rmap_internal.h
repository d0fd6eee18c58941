/* rmap_internal.h: what rmap.c and rmap_unmap.c share. */
#pragma once

#include "mm/rmap.h"

static inline struct frame *slot_table(uint32_t slot)
{
	return frame_of_pfn(slot >> 10);
}

/* Of a locked set that is not empty, the slot that is easiest to take, and where it is kept; take it. */
uint32_t *rmap_last(struct frame *f, uint32_t *first);
void rmap_pop(struct frame *f, uint32_t *first);
