/*
 * radix.c: a tree of 64-way nodes. A node at level l (leaves: 0) covers 64^(l+1) indices; the tree
 * is just as high as its largest index needed when it was inserted, and shrinks only when it is
 * empty.
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

/* Does a tree of this height, which is not 0, reach index? */
static bool reaches(uint32_t height, uint32_t index)
{
	return index >> ((height - 1) * RADIX_BITS) < RADIX_FANOUT;
}

/* Make the tree high enough for index. */
static int grow(struct radix *tree, uint32_t index)
{
	if (!tree->root) {
		tree->root = node_alloc();
		if (!tree->root)
			return -ENOMEM;
		for (tree->height = 1; !reaches(tree->height, index);)
			tree->height++;
	}
	while (!reaches(tree->height, index)) {
		struct radix_node *n = node_alloc();

		if (!n)
			return -ENOMEM;
		n->slots[0] = tree->root;
		n->used = 1;
		tree->root = n;
		tree->height++;
	}
	return 0;
}

/* Free the empty nodes on the way to index, from the lowest up. path[level] is NULL below where it
 * ends. */
static void prune(struct radix *tree, struct radix_node **path, uint32_t index)
{
	for (uint32_t level = 0; level < tree->height; level++) {
		struct radix_node *n = path[level];

		if (!n)
			continue;
		if (n->used > 0)
			return;
		node_free(n);
		if (level + 1 < tree->height) {
			path[level + 1]->slots[slot_of(index, level + 1)] = NULL;
			path[level + 1]->used--;
		}
	}
	tree->root = NULL;
	tree->height = 0;
}

/* Fill path with the nodes on the way to index, making those that lack. */
static int make_path(struct radix *tree, struct radix_node **path, uint32_t index)
{
	struct radix_node *n = tree->root;

	path[tree->height - 1] = n;
	for (uint32_t level = tree->height - 1; level > 0; level--) {
		void **slot = &n->slots[slot_of(index, level)];

		if (!*slot) {
			*slot = node_alloc();
			if (!*slot)
				return -ENOMEM;
			n->used++;
		}
		n = *slot;
		path[level - 1] = n;
	}
	return 0;
}

int radix_insert(struct radix *tree, uint32_t index, void *item)
{
	struct radix_node *path[RADIX_MAX_HEIGHT] = {NULL};
	void **slot;
	int err;

	ASSERT(item);
	err = grow(tree, index);
	if (err)
		return err;
	err = make_path(tree, path, index);
	if (err) {
		prune(tree, path, index);
		return err;
	}
	slot = &path[0]->slots[slot_of(index, 0)];
	if (*slot)
		return -EEXIST;
	*slot = item;
	path[0]->used++;
	tree->count++;
	return 0;
}

/* The leaf that index lies in; NULL when there is none. */
static struct radix_node *leaf_of(const struct radix *tree, uint32_t index)
{
	struct radix_node *n = tree->root;
	uint32_t shift;

	if (!n || !reaches(tree->height, index))
		return NULL;
	for (shift = (tree->height - 1) * RADIX_BITS; n && shift > 0; shift -= RADIX_BITS)
		n = n->slots[index >> shift & (RADIX_FANOUT - 1)];
	return n;
}

void *radix_lookup(const struct radix *tree, uint32_t index)
{
	const struct radix_node *leaf = leaf_of(tree, index);

	return leaf ? leaf->slots[slot_of(index, 0)] : NULL;
}

void radix_lookup_range(const struct radix *tree, uint32_t first, uint32_t n, void **items)
{
	while (n > 0) {
		const struct radix_node *leaf = leaf_of(tree, first);
		uint32_t at = slot_of(first, 0), part = MIN(n, RADIX_FANOUT - at);

		for (uint32_t i = 0; i < part; i++)
			items[i] = leaf ? leaf->slots[at + i] : NULL;
		items += part;
		first += part;
		n -= part;
	}
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
	path[0]->slots[slot_of(index, 0)] = NULL;
	path[0]->used--;
	tree->count--;
	prune(tree, path, index);
	return item;
}

/* The index where slot s of the node at this level that holds index begins; 0 beyond the last of
 * all. */
static uint32_t slot_start(uint32_t index, uint32_t level, uint32_t s)
{
	uint64_t span = 1ull << (level * RADIX_BITS);
	uint64_t base = index & ~(span * RADIX_FANOUT - 1);

	return (uint32_t)(base + s * span);
}

/* The first item at or after *index under n, and its index; *index is undefined when
 * there is none. */
static void *next_in(const struct radix_node *n, uint32_t level, uint32_t *index)
{
	uint32_t at = *index;

	for (uint32_t s = slot_of(at, level); s < RADIX_FANOUT; s++) {
		void *item = n->slots[s];

		if (item && level > 0)
			item = next_in(item, level - 1, index);
		if (item)
			return item;
		*index = slot_start(at, level, s + 1);
		if (*index == 0)
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
