/*
 * radix.h: a map from a 32-bit index to a pointer, as a tree of 64-way nodes.
 *
 * The tree is as high as the largest index needs, so a small file costs one node and a lookup in a
 * 256 KiB file one step. No locks: the owner guards it. Nodes come from an allocator the owner
 * gives, so that the tree also runs on the host; inserting under a spinlock works by preparing the
 * nodes first (radix_reserve, may fail and may sleep), then inserting (cannot fail).
 *
 *	struct radix_spare spare = RADIX_SPARE_INIT;
 *	err = radix_reserve(&spare);
 *	spin_lock(...);
 *	old = radix_insert(&tree, &spare, index, item);
 *	spin_unlock(...);
 *	radix_release(&spare);
 */
#pragma once

#include "kernel/lib/types.h"

#define RADIX_BITS 6
#define RADIX_FANOUT (1u << RADIX_BITS)
#define RADIX_MAX_HEIGHT 6 /* 6 * 6 bits cover 32. */

struct radix_node;

struct radix {
	struct radix_node *root; /* NULL: empty. */
	uint32_t height;	 /* Levels below and including root; 0 when empty. */
	uint32_t count;		 /* Items in the tree. */
};

/* Nodes set aside for one insert: a chain of at most RADIX_MAX_HEIGHT. */
struct radix_spare {
	struct radix_node *nodes;
	uint32_t count;
};

#define RADIX_SPARE_INIT                                                                           \
	{                                                                                          \
		NULL, 0                                                                            \
	}

/* Give all trees their node allocator (fixed-size zeroed blocks of radix_node_size bytes). */
void radix_set_allocator(void *(*alloc)(void), void (*free)(void *));
size_t radix_node_size(void);

/* Set aside enough nodes for one insert of index into tree as it may be by then (the worst case:
 * RADIX_MAX_HEIGHT). 0 or -ENOMEM. May sleep if the allocator does. */
int radix_reserve(struct radix_spare *spare);
void radix_release(struct radix_spare *spare);

/* Put item (not NULL) at index; uses nodes of spare. Returns the item that was there and stays
 * there, or NULL when ours went in. */
void *radix_insert(struct radix *tree, struct radix_spare *spare, uint32_t index, void *item);

void *radix_lookup(const struct radix *tree, uint32_t index);

/* Take the item at index out and return it (NULL when there was none). Frees emptied nodes. */
void *radix_remove(struct radix *tree, uint32_t index);

/* The first item at or after *index, and its index in *index; NULL when there is none. */
void *radix_next(const struct radix *tree, uint32_t *index);
