/*
 * policy_ghost.h: absent pages that a policy remembers, in fixed memory.
 *
 * A ghost is the key of an evicted page and a word about it. Ghosts stand in two queues, in the
 * order in which they came; the oldest are forgotten when a queue is cut, or memory is full. No
 * locks: part of a policy's state.
 *
 *	ghosts_add(g, queue, key, note);		evicted
 *	if (ghosts_take(g, key, &ghost))		is back
 *		use(ghost.queue, ghost.note);
 */
#pragma once

#include "kernel/lib/list.h"

#define GHOST_QUEUES 2
#define GHOSTS_MAX (128u << 10) /* What kmalloc has room for in one piece. */

struct ghost {
	struct list order; /* In its queue, or free. */
	uint32_t key;	   /* Not 0. */
	uint32_t note;
	uint32_t queue;
	uint32_t next; /* In its chain: index in pool + 1; 0: none. */
};

struct ghosts {
	uint32_t capacity;
	uint32_t count[GHOST_QUEUES];
	struct list queue[GHOST_QUEUES]; /* Oldest first. */
	struct list free;
	struct ghost pool[]; /* capacity of them; then as many heads of hash chains, as next is. */
};

/* Bytes behind struct ghosts that capacity ghosts need, or GHOSTS_MAX if that is less. */
size_t ghosts_size(uint32_t capacity);

/* The memory, struct ghosts and what is behind it, is zeroed. capacity > 0, as above. */
void ghosts_init(struct ghosts *g, uint32_t capacity);

/* Remember key as the latest of queue, unless it is 0. When all are in use, the oldest of the
 * longer queue goes. */
void ghosts_add(struct ghosts *g, uint32_t queue, uint32_t key, uint32_t note);

/* If key is remembered: true, what is known about it in *ghost, and forget it. */
bool ghosts_take(struct ghosts *g, uint32_t key, struct ghost *ghost);

/* Forget the oldest of queue until there are at most count. */
void ghosts_cut(struct ghosts *g, uint32_t queue, uint32_t count);
