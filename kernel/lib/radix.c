/*
 * radix.c: a tree of 64-way nodes. A node at level l (leaves: 0) covers 64^(l+1) indices; the tree is
 * just as high as its largest index needed when it was inserted, and shrinks only when it is empty.
 */

#include "kernel/lib/radix.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"

struct radix_node {
	void *slots[RADIX_FANOUT]; /* Nodes of the level below; items in a leaf. */
	uint32_t used;
};

static void *(*node_alloc)(void); /* Zeroed. */
static void (*node_free)(void *);

void radix_set_allocator(void *(*alloc)(void), void (*free)(void *))
{
	node_alloc = alloc;
	node_free = free;
}

size_t radix_node_size(void)
{
	return sizeof(struct radix_node);
}

static uint32_t slot_of(uint32_t index, uint32_t level)
{
	return index >> (level * RADIX_BITS) & (RADIX_FANOUT - 1);
}

/* Does a tree of this height reach index? */
static bool reaches(uint32_t height, uint32_t index)
{
	return height * RADIX_BITS >= 32 || index >> (height * RADIX_BITS) == 0;
}

int radix_reserve(struct radix_spare *spare)
{
	while (spare->count < RADIX_MAX_HEIGHT) {
		struct radix_node *n = node_alloc();

		if (!n) {
			radix_release(spare);
			return -ENOMEM;
		}
		n->slots[0] = spare->nodes;
		spare->nodes = n;
		spare->count++;
	}
	return 0;
}

void radix_release(struct radix_spare *spare)
{
	while (spare->nodes) {
		struct radix_node *n = spare->nodes;

		spare->nodes = n->slots[0];
		spare->count--;
		node_free(n);
	}
}

static struct radix_node *spare_take(struct radix_spare *spare)
{
	struct radix_node *n = spare->nodes;

	BUG_ON(!n);
	spare->nodes = n->slots[0];
	spare->count--;
	n->slots[0] = NULL;
	return n;
}

static void grow(struct radix *tree, struct radix_spare *spare, uint32_t index)
{
	while (!tree->root || !reaches(tree->height, index)) {
		struct radix_node *n = spare_take(spare);

		if (tree->root) {
			n->slots[0] = tree->root;
			n->used = 1;
		}
		tree->root = n;
		tree->height++;
	}
}

void *radix_insert(struct radix *tree, struct radix_spare *spare, uint32_t index, void *item)
{
	struct radix_node *n;
	void **slot;

	ASSERT(item);
	slot = NULL;
	grow(tree, spare, index);
	n = tree->root;
	for (uint32_t level = tree->height - 1; level > 0; level--) {
		slot = &n->slots[slot_of(index, level)];
		if (!*slot) {
			*slot = spare_take(spare);
			n->used++;
		}
		n = *slot;
	}
	slot = &n->slots[slot_of(index, 0)];
	if (*slot)
		return *slot;
	*slot = item;
	n->used++;
	tree->count++;
	return NULL;
}

void *radix_lookup(const struct radix *tree, uint32_t index)
{
	const struct radix_node *n = tree->root;

	if (!n || !reaches(tree->height, index))
		return NULL;
	for (uint32_t level = tree->height - 1; n && level > 0; level--)
		n = n->slots[slot_of(index, level)];
	return n ? n->slots[slot_of(index, 0)] : NULL;
}

void *radix_remove(struct radix *tree, uint32_t index)
{
	struct radix_node *path[RADIX_MAX_HEIGHT], *n = tree->root;
	void *item;

	if (!n || !reaches(tree->height, index))
		return NULL;
	for (uint32_t level = tree->height; level > 0; level--) {
		path[level - 1] = n;
		n = n->slots[slot_of(index, level - 1)];
		if (!n)
			return NULL;
	}
	item = n;
	tree->count--;
	for (uint32_t level = 0; level < tree->height; level++) {
		path[level]->slots[slot_of(index, level)] = NULL;
		if (--path[level]->used > 0)
			return item;
		node_free(path[level]);
	}
	tree->root = NULL;
	tree->height = 0;
	return item;
}

/* The first item at or after *index under n, which covers level; *index is advanced past what n lacks. */
static void *next_in(const struct radix_node *n, uint32_t level, uint32_t *index)
{
	uint32_t span_bits = level * RADIX_BITS;

	for (uint32_t s = slot_of(*index, level); s < RADIX_FANOUT; s++) {
		void *item = n->slots[s];

		if (item && level > 0)
			item = next_in(item, level - 1, index);
		if (item)
			return item;
		/* Nothing there: on to where the next slot's range begins. */
		*index = ((*index >> span_bits) + 1) << span_bits;
		if (*index == 0 || s == RADIX_FANOUT - 1)
			return NULL;
	}
	return NULL;
}

void *radix_next(const struct radix *tree, uint32_t *index)
{
	uint32_t at = *index;
	void *item;

	if (!tree->root || !reaches(tree->height, at))
		return NULL;
	item = next_in(tree->root, tree->height - 1, &at);
	if (item)
		*index = at;
	return item;
}
