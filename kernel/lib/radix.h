/*
 * radix.h: a map from a 32-bit index to a pointer, as a tree of 64-way nodes.
 *
 * The tree is as high as the largest index needs, so a small file costs one node and a lookup in a
 * 256 KiB file one step. No locks: the owner guards it. Nodes come from an allocator that must not
 * sleep, given once for all trees, so that the tree also runs on the host.
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

/* Give all trees their node allocator (fixed-size zeroed blocks of radix_node_size bytes). */
void radix_set_allocator(void *(*alloc)(void), void (*free)(void *));
size_t radix_node_size(void);

/* Put item (not NULL) at index. 0; -EEXIST when there is one already; -ENOMEM
 * with nothing changed. */
int radix_insert(struct radix *tree, uint32_t index, void *item);

void *radix_lookup(const struct radix *tree, uint32_t index);

/* The n items from first on; NULL where there is none. One way down the tree serves those of a leaf. */
void radix_lookup_range(const struct radix *tree, uint32_t first, uint32_t n, void **items);

/* Take the item at index out and return it (NULL when there was none). Frees emptied nodes. */
void *radix_remove(struct radix *tree, uint32_t index);

/* The first item at or after *index, and its index in *index; NULL when there is none. */
void *radix_next(const struct radix *tree, uint32_t *index);
