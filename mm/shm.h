/*
 * shm.h: backings that are memory themselves: tmpfs files, shared memory segments, anonymous memory shared over
 * fork.
 *
 * A page that was never written is zero. One that has to leave memory goes to a slot of swap, which the backing
 * remembers as long as the page is the same: so ops->write is not for making anything durable, and such backings
 * have no ops->sync.
 *
 * Locks: backing->lock guards what is remembered. One mutex (RANK_ASPACE) keeps a backing from going while
 * swapoff empties it.
 */
#pragma once

#include "kernel/lib/radix.h"
#include "mm/backing.h"

struct swap_window;

struct shm_swap {
	struct backing *backing;
	struct radix slots; /* index -> swap entry */
	struct list link;   /* All of them. */
};

/* read(), write() and punch() for such a backing. write is -ENOSPC when swap is full. */
int shm_read(struct backing *b, struct frame *const *f, uint32_t n);
int shm_write(struct backing *b, struct frame *const *f, uint32_t n);
int shm_punch(struct backing *b, uint32_t first, uint32_t end);

/* A fresh backing of size_pages zero pages, of which committed are promised; one reference. NULL when out of
 * memory, or that much may not be promised. */
struct backing *shm_create(uint32_t size_pages, uint32_t committed);

/* Is b such a backing? */
bool shm_stores(const struct backing *b);

/* The swap entry that b remembers for a page, 0: none. b is locked. */
static inline uint32_t shm_slot_locked(const struct backing *b, uint32_t index)
{
	return b->swapped ? (uint32_t)radix_lookup(&b->swapped->slots, index) : 0;
}

/* The same, b not being locked. */
uint32_t shm_slot(struct backing *b, uint32_t index);

/* How many pages b has in swap, in memory as well or not. */
uint32_t shm_swapped(const struct backing *b);

/* If the page is in swap: which pages from it on to read at once. False: it is not. */
bool shm_window(struct backing *b, uint32_t index, struct swap_window *w, uint32_t *end);

/* Pages [first, end), which have left the cache, are no more in swap either, nor in the cache if somebody has brought
 * them in again from there. May sleep. */
void shm_forget(struct backing *b, uint32_t first, uint32_t end);

/* Bring back what all backings have in this area, which is closing. May sleep. 0, -ENOMEM, -EIO, -EINTR. */
int shm_empty_swap(uint32_t type);

/* Count all that is remembered: swap_check_count(). */
void shm_check(void);
