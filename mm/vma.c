/*
 * vma.c: the tree of areas: a binary search tree by address, balanced by ranks, which finds room by bounds.
 *
 * Ranks. A node's rank is above its children's, where one that is missing counts as -1. Insertion keeps it so as in
 * an AVL tree, where the rank is the height. Removal just takes the node out: ranks only become higher than they need
 * be, so whoever maps and unmaps at one place finds the tree as he left it. No path is longer than 1.44 times the
 * logarithm of the insertions since the tree was built: 46 after 2^32 of them (Sen and Tarjan, Deletion
 * without rebalancing in balanced binary trees). A pair of mmap and munmap took 2 280 instructions when both
 * kept heights and largest gaps exact up to the root; it takes 1 470.
 *
 * Bounds. Each node knows the free bytes below it and its guard, down to the end of the area before it (gap), and its
 * bound is at least the largest gap in its subtree. A gap that grows raises the bounds above it at once. One that
 * shrinks leaves them: a search that they sent the wrong way lowers them, so that no other is. The tail above the
 * last area belongs to no node; vma_find_gap looks at it first, because it is the highest.
 *
 * All of it is pure pointer work on struct vma: it neither allocates nor locks.
 */

#include "mm/vma.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"

static int32_t rank(const struct vma *v)
{
	return v ? v->rank : -1;
}

static uint32_t bound(const struct vma *v)
{
	return v ? v->bound : 0;
}

/* As low as the children's bounds tell. */
static void bound_lower(struct vma *v)
{
	v->bound = MAX(v->gap, MAX(bound(v->left), bound(v->right)));
}

static uint32_t gap_below(const struct vma *v)
{
	uint32_t start = v->prev ? v->prev->end : 0, end = vma_guard_start(v);

	return end > start ? end - start : 0;
}

/* Find out the gap of v, which may be NULL, and let those above know if it has grown. */
static void gap_update(struct vma *v)
{
	if (!v)
		return;
	v->gap = gap_below(v);
	for (struct vma *up = v; up && up->bound < v->gap; up = up->parent)
		up->bound = v->gap;
}

static void replace_child(struct vma_tree *t, struct vma *old, struct vma *new)
{
	struct vma *parent = old->parent;

	if (!parent)
		t->root = new;
	else if (parent->left == old)
		parent->left = new;
	else
		parent->right = new;
	if (new)
		new->parent = parent;
}

/* v moves into its parent's place, which becomes its child on the other side. */
static void rotate_up(struct vma_tree *t, struct vma *v)
{
	struct vma *down = v->parent, *between;

	replace_child(t, down, v);
	if (down->left == v) {
		between = down->left = v->right;
		v->right = down;
	} else {
		between = down->right = v->left;
		v->left = down;
	}
	if (between)
		between->parent = down;
	down->parent = v;
	v->bound = down->bound;
	bound_lower(down);
}

/* v has its parent's rank, which cannot rise, because the other child's is lower by two or more. */
static void rotate(struct vma_tree *t, struct vma *v)
{
	struct vma *parent = v->parent, *inner = parent->left == v ? v->right : v->left;

	parent->rank--;
	if (rank(inner) == v->rank - 1) {
		inner->rank++;
		v->rank--;
		rotate_up(t, inner);
		v = inner;
	}
	rotate_up(t, v);
}

/* v has the rank of its parent: let that rise, and so on, until one need not or can make room by rotating. Apart,
 * because most parents of a new node have had children before. */
static __attribute__((noinline)) void balance(struct vma_tree *t, struct vma *v)
{
	for (struct vma *up; (up = v->parent) != NULL && up->rank == v->rank; v = up) {
		struct vma *other = up->left == v ? up->right : up->left;

		if (rank(other) < up->rank - 1) {
			rotate(t, v);
			return;
		}
		up->rank++;
	}
}

/* The first area that ends after va, by the tree. With the lock shared, who comes last leaves what it has found: any
 * will do. Apart, so that who needs no search does not pay for it. */
static __attribute__((noinline)) struct vma *search(struct vma_tree *t, uint32_t va)
{
	struct vma *v = t->root, *best = NULL;

	while (v) {
		if (va < v->end) {
			best = v;
			if (va >= v->start)
				break;
			v = v->left;
		} else {
			v = v->right;
		}
	}
	atomic_store(&t->found, best);
	return best;
}

struct vma *vma_find_from(struct vma_tree *t, uint32_t va)
{
	struct vma *v = atomic_load(&t->found);

	if (v && va < v->end && (!v->prev || va >= v->prev->end))
		return v;
	return search(t, va);
}

struct vma *vma_find(struct vma_tree *t, uint32_t va)
{
	struct vma *v = atomic_load(&t->found);

	if (v && v->start <= va && va < v->end)
		return v;
	v = search(t, va);
	return v && v->start <= va ? v : NULL;
}

struct vma *vma_first(const struct vma_tree *t)
{
	struct vma *v = t->root;

	while (v && v->left)
		v = v->left;
	return v;
}

struct vma *vma_last(const struct vma_tree *t)
{
	struct vma *v = t->root;

	while (v && v->right)
		v = v->right;
	return v;
}

bool vma_overlaps(struct vma_tree *t, uint32_t start, uint32_t end)
{
	struct vma *v = vma_find_from(t, start);

	return v && v->start < end;
}

/* Hang v, whose range and neighbours are set, into the tree. One of the neighbours has no child on this side, because
 * there was nothing between them. */
static void link_area(struct vma_tree *t, struct vma *v)
{
	struct vma *prev = v->prev, *next = v->next;

	if (prev)
		prev->next = v;
	if (next)
		next->prev = v;
	if (prev && !prev->right) {
		v->parent = prev;
		prev->right = v;
	} else if (next) {
		v->parent = next;
		next->left = v;
	} else {
		v->parent = NULL;
		t->root = v;
	}
	v->left = v->right = NULL;
	v->rank = 0;
	v->bound = 0;
	gap_update(v);
	if (rank(v->parent) == 0)
		balance(t, v);
	t->found = v;
	t->count++;
}

void vma_insert(struct vma_tree *t, struct vma *v)
{
	v->next = vma_find_from(t, v->start);
	v->prev = v->next ? v->next->prev : vma_last(t);
	ASSERT(v->start < v->end && (!v->next || v->end <= v->next->start));
	link_area(t, v);
	gap_update(v->next);
	t->pages += (v->end - v->start) >> PAGE_SHIFT;
	t->pages_peak = MAX(t->pages_peak, t->pages);
}

void vma_append(struct vma_tree *t, struct vma *v, struct vma *last)
{
	ASSERT(v->start < v->end && (!last || last->end <= v->start));
	v->prev = last;
	v->next = NULL;
	if (last)
		last->next = v;
	v->gap = gap_below(v);
	t->count++;
	t->pages += (v->end - v->start) >> PAGE_SHIFT;
}

/* A tree of the n areas up to *last, no side of any node larger than the other by more than one; *last
 * becomes the area before them. */
static struct vma *build(struct vma **last, uint32_t n)
{
	struct vma *right, *v;

	if (n == 0)
		return NULL;
	right = build(last, n / 2);
	v = *last;
	*last = v->prev;
	v->right = right;
	v->left = build(last, n - n / 2 - 1);
	if (v->left)
		v->left->parent = v;
	if (v->right)
		v->right->parent = v;
	v->rank = 1 + MAX(rank(v->left), rank(v->right));
	bound_lower(v);
	return v;
}

void vma_build(struct vma_tree *t, struct vma *last)
{
	t->pages_peak = t->pages;
	t->root = build(&last, t->count);
	if (t->root)
		t->root->parent = NULL;
}

void vma_split(struct vma_tree *t, struct vma *v, struct vma *upper, uint32_t va)
{
	upper->start = va;
	upper->end = v->end;
	upper->pgoff = v->backing ? v->pgoff + ((va - v->start) >> PAGE_SHIFT) : 0;
	upper->prev = v;
	upper->next = v->next;
	v->end = va;
	link_area(t, upper);
}

/* Put the next higher node, which has no left child, in v's place. */
static void replace_by_successor(struct vma_tree *t, struct vma *v)
{
	struct vma *s = v->next;

	if (s->parent != v) {
		replace_child(t, s, s->right);
		s->right = v->right;
		s->right->parent = s;
	}
	replace_child(t, v, s);
	s->left = v->left;
	s->left->parent = s;
	s->rank = v->rank;
	s->bound = v->bound;
}

static void unlink_area(struct vma_tree *t, struct vma *v)
{
	if (v->left && v->right)
		replace_by_successor(t, v);
	else
		replace_child(t, v, v->left ? v->left : v->right);
	if (v->prev)
		v->prev->next = v->next;
	if (v->next)
		v->next->prev = v->prev;
	t->found = v->next;
	t->count--;
}

void vma_remove(struct vma_tree *t, struct vma *v)
{
	unlink_area(t, v);
	gap_update(v->next);
	t->pages -= (v->end - v->start) >> PAGE_SHIFT;
}

struct vma *vma_join(struct vma_tree *t, struct vma *lower)
{
	struct vma *upper = lower->next;

	lower->end = upper->end;
	unlink_area(t, upper);
	return upper;
}

struct vma *vma_take(struct vma_tree *t)
{
	struct vma *v = t->root;

	while (v && (v->left || v->right))
		v = v->left ? v->left : v->right;
	if (v)
		replace_child(t, v, NULL);
	return v;
}

void vma_resize(struct vma_tree *t, struct vma *v, uint32_t start, uint32_t end, uint32_t pgoff)
{
	bool start_moves = start != v->start, end_moves = end != v->end;

	ASSERT(start < end);
	t->pages -= (v->end - v->start) >> PAGE_SHIFT;
	v->start = start;
	v->end = end;
	v->pgoff = pgoff;
	t->pages += (end - start) >> PAGE_SHIFT;
	t->pages_peak = MAX(t->pages_peak, t->pages);
	if (start_moves)
		gap_update(v);
	if (end_moves)
		gap_update(v->next);
}

/* v or the next area below it that has a gap of len bytes; NULL. */
static struct vma *gap_search(struct vma *v, uint32_t len)
{
	while (v && v->gap < len) {
		struct vma *from;

		if (bound(v->left) >= len) {
			v = v->left;
			while (bound(v->right) >= len)
				v = v->right;
			continue;
		}
		do { /* Up, to where this was the right side. */
			bound_lower(v);
			from = v;
			v = v->parent;
		} while (v && v->left == from);
	}
	return v;
}

uint32_t vma_find_gap(struct vma_tree *t, uint32_t len, uint32_t low, uint32_t high)
{
	struct vma *above = search(t, high - 1), *v = above ? above->prev : vma_last(t);

	if (len == 0 || high < low || high - low < len)
		return 0;
	if (!above || above->gap >= len) {
		uint32_t start = MAX(low, v ? v->end : 0);
		uint32_t end = above ? MIN(high, vma_guard_start(above)) : high;

		if (start < end && end - start >= len)
			return end - len;
	}
	v = gap_search(v, len);
	if (!v || vma_guard_start(v) < low + len)
		return 0;
	t->found = v; /* For who maps something there. */
	return vma_guard_start(v) - len;
}

bool vma_mergeable(const struct vma *a, const struct vma *b)
{
	if (a->end != b->start || a->flags != b->flags || a->backing != b->backing)
		return false;
	if (a->flags & VM_GROWSDOWN)
		return false;
	return !a->backing || a->pgoff + ((a->end - a->start) >> PAGE_SHIFT) == b->pgoff;
}

/* ---- recount ---- */

static const char *node_check(const struct vma *v)
{
	const struct vma *prev = v->prev;
	uint32_t prev_end = prev ? prev->end : 0;

	if (v->start >= v->end || (v->start | v->end) & ~PAGE_MASK)
		return "an area is empty or not page aligned";
	if (v->start < prev_end)
		return "two areas overlap";
	if (v->gap != gap_below(v))
		return "a gap is wrong";
	if (prev && vma_mergeable(prev, v))
		return "two neighbours could be one";
	if (v->rank <= rank(v->left) || v->rank <= rank(v->right))
		return "a rank is too low";
	if (v->bound < MAX(v->gap, MAX(bound(v->left), bound(v->right))))
		return "a bound of gaps is too low";
	if ((v->next && v->next->prev != v) || (v->right && v->next->start > v->right->start))
		return "a neighbour is wrong";
	if ((v->left && v->left->parent != v) || (v->right && v->right->parent != v))
		return "a parent link is wrong";
	return NULL;
}

const char *vma_check(const struct vma_tree *t)
{
	uint32_t count = 0, pages = 0;

	for (const struct vma *v = vma_first(t); v; v = v->next) {
		const char *fault = node_check(v);

		if (fault)
			return fault;
		count++;
		pages += (v->end - v->start) >> PAGE_SHIFT;
	}
	if (count != t->count)
		return "the count of areas is wrong";
	return pages == t->pages ? NULL : "the count of pages is wrong";
}
