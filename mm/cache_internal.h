/* cache_internal.h: what cache.c and cache_write.c share. */
#pragma once

#include "mm/backing.h"

/* The frame at index, whatever its state, with a reference; NULL. */
struct frame *cache_lookup(struct backing *b, uint32_t index);

/* The first frame at or after *index with a reference; *index moves behind it. */
struct frame *cache_next(struct backing *b, uint32_t *index);

/* Enter f, which is in no cache. 0, -EEXIST, -ENOMEM, or what ops->charge said. */
int cache_add(struct backing *b, uint32_t index, struct frame *f);

/* Take f, which is BUSY and ours, out of the cache if it is still in it. The caller's reference stays. */
void cache_remove(struct frame *f);

/* f, which is BUSY and to which the caller has a reference, leaves its cache and its policy's set if it is clean
 * and has no other references. True: it did. */
bool cache_evict(struct frame *f);

/* Write n BUSY dirty frames of consecutive pages, with dirty ones behind them as far as a cluster goes. 0; or the
 * first error: what could not be written stays dirty; -EAGAIN: nothing was, for a page is not below the end. */
int cache_write_run(struct backing *b, struct frame *const *f, uint32_t n);

/* f has left b and will not be written: it is not dirty any more. */
void cache_forget_dirty(struct backing *b, struct frame *f);
