/*
 * pipe_ring.h: the bytes of a pipe: a ring of pages that are there only while they hold bytes, so an
 * idle pipe is small.
 *
 *	tail <= bytes <= head; both only grow, and wrap together; head - tail <= RING_CAPACITY
 *
 * One page is set aside for the ring's whole life. It is used when memory has run out, and comes back
 * when the ring is empty at the latest; so an empty ring takes a page of bytes in any case.
 *
 * Locks: the owner's, sleeping, for everything but ring_used and ring_room, which may be asked at any
 * time.
 */
#pragma once

#include "kernel/lib/atomic.h"
#include "mm/frame.h"
#include "mm/uio.h"

#define RING_CAPACITY 65536u
#define RING_PAGES (RING_CAPACITY / PAGE_SIZE)

struct pipe_ring {
	uint32_t head, tail; /* Bytes ever written and read. */
	uint32_t shift;	     /* Added to such a count it is the byte's place in the ring. */
	struct frame *pages[RING_PAGES];
	struct frame *spare; /* NULL: it is among the pages. */
};

int ring_init(struct pipe_ring *r); /* r is zeroed. 0 or -ENOMEM. */
void ring_destroy(struct pipe_ring *r);

static inline uint32_t ring_used(const struct pipe_ring *r)
{
	return atomic_load(&r->head) - atomic_load(&r->tail);
}

static inline uint32_t ring_room(const struct pipe_ring *r)
{
	return RING_CAPACITY - ring_used(r);
}

/* See that pages are there for n bytes, at most ring_room(). How many bytes there are pages for:
 * fewer than n when memory has run out, at least MIN(n, PAGE_SIZE) in an empty ring. */
uint32_t ring_prepare(struct pipe_ring *r, uint32_t n);

/* Move n bytes, that are prepared or there, from or to the user. Bytes moved; -EFAULT when none. When ring_fill
 * comes upon bad memory, it may have taken more from u than it kept. */
ssize_t ring_fill(struct pipe_ring *r, struct uio *u, uint32_t n);
ssize_t ring_drain(struct pipe_ring *r, struct uio *u, uint32_t n);
