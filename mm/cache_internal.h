/* cache_internal.h: what cache.c and cache_write.c share. */
#pragma once

#include "mm/backing.h"

/* The frame at index, whatever its state, with a reference; NULL. */
struct frame *cache_lookup(struct backing *b, uint32_t index);

/* The first frame at or after *index with a reference; *index moves behind it. */
struct frame *cache_next(struct backing *b, uint32_t *index);

/* f has left b and will not be written: it is not dirty any more. */
void cache_forget_dirty(struct backing *b, struct frame *f);
