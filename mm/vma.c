/*
 * vma.c: the tree of areas: an AVL tree by address, augmented with gaps.
 *
 * Each node knows the free bytes below it and its guard, down to the end of the area before it (gap),
 * and the largest such gap in its subtree (max_gap). The tail above the last area belongs to no node; vma_find_gap
 * looks at it first, because it is the highest.
 *
 * All of it is pure pointer work on struct vma: it neither allocates nor locks.
 */

#include "mm/vma.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"

static int32_t height(const struct vma *v)
{
	return v ? v->height : 0;
}

static uint32_t max_gap(const struct vma *v)
{
	return v ? v->max_gap : 0;
}

static void node_update(struct vma *v)
{
	v->height = 1 + MAX(height(v->left), height(v->right));
	v->max_gap = MAX(v->gap, MAX(max_gap(v->left), max_gap(v->right)));
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

/* The right child moves up, v becomes its left child. Returns the new top. */
static struct vma *rotate_left(struct vma_tree *t, struct vma *v)
{
	struct vma *up = v->right;

	replace_child(t, v, up);
	v->right = up->left;
	if (v->right)
		v->right->parent = v;
	up->left = v;
	v->parent = up;
	node_update(v);
	node_update(up);
	return up;
}

static struct vma *rotate_right(struct vma_tree *t, struct vma *v)
{
	struct vma *up = v->left;

	replace_child(t, v, up);
	v->left = up->right;
	if (v->left)
		v->left->parent = v;
	up->right = v;
	v->parent = up;
	node_update(v);
	node_update(up);
	return up;
}

static struct vma *rebalance(struct vma_tree *t, struct vma *v)
{
	int32_t lean = height(v->left) - height(v->right);

	if (lean > 1) {
		if (height(v->left->left) < height(v->left->right))
			rotate_left(t, v->left);
		return rotate_right(t, v);
	}
	if (lean < -1) {
		if (height(v->right->right) < height(v->right->left))
			rotate_right(t, v->right);
		return rotate_left(t, v);
	}
	return v;
}

/* Gaps alone, from v up. */
static void update_gaps_upwards(struct vma *v)
{
	for (; v; v = v->parent) {
		uint32_t gap = MAX(v->gap, MAX(max_gap(v->left), max_gap(v->right)));

		if (gap == v->max_gap)
			return;
		v->max_gap = gap;
	}
}

/* Heights and gaps from v up, rotating where needed, each as far as they change: heights mostly for a level
 * or two. */
static void update_upwards(struct vma_tree *t, struct vma *v)
{
	while (v) {
		int32_t height_before = v->height;
		uint32_t gap_before = v->max_gap;

		node_update(v);
		v = rebalance(t, v);
		if (v->height == height_before) {
			if (v->max_gap != gap_before)
				update_gaps_upwards(v->parent);
			return;
		}
		v = v->parent;
	}
}

static uint32_t gap_below(const struct vma *v)
{
	uint32_t start = v->prev ? v->prev->end : 0, end = vma_guard_start(v);

	return end > start ? end - start : 0;
}

static void gap_recompute(struct vma_tree *t, struct vma *v)
{
	if (!v)
		return;
	v->gap = gap_below(v);
	update_upwards(t, v);
}

struct vma *vma_find_from(const struct vma_tree *t, uint32_t va)
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
	return best;
}

/* With the lock shared, who comes last leaves what it has found: any will do. */
struct vma *vma_find(struct vma_tree *t, uint32_t va)
{
	struct vma *v = atomic_load(&t->found);

	if (v && v->start <= va && va < v->end)
		return v;
	v = vma_find_from(t, va);
	if (!v || v->start > va)
		return NULL;
	atomic_store(&t->found, v);
	return v;
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

bool vma_overlaps(const struct vma_tree *t, uint32_t start, uint32_t end)
{
	struct vma *v = vma_find_from(t, start);

	return v && v->start < end;
}

/* Hang v, whose range and gap are set, into the tree between prev and its next area; NULL: before the first. One
 * of its neighbours has no child on this side, because there was nothing between them. */
static void link_after(struct vma_tree *t, struct vma *v, struct vma *prev, struct vma *next)
{
	struct vma *parent = prev && !prev->right ? prev : next;

	v->prev = prev;
	v->next = next;
	if (prev)
		prev->next = v;
	if (next)
		next->prev = v;
	if (!parent)
		t->root = v;
	else if (parent == prev)
		prev->right = v;
	else
		next->left = v;
	v->parent = parent;
	v->left = v->right = NULL;
	v->height = 0; /* Which it is not: its parents hear of it. */
	t->count++;
}

void vma_insert(struct vma_tree *t, struct vma *v)
{
	struct vma *next = vma_find_from(t, v->start), *prev = next ? next->prev : vma_last(t);

	ASSERT(v->start < v->end && (!next || v->end <= next->start));
	link_after(t, v, prev, next);
	t->pages += (v->end - v->start) >> PAGE_SHIFT;
	t->pages_peak = MAX(t->pages_peak, t->pages);
	v->gap = gap_below(v);
	if (next)
		next->gap = gap_below(next); /* Before the way up, which mostly leads through it. */
	update_upwards(t, v);
	update_upwards(t, next);
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
	node_update(v);
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
	upper->gap = 0;
	v->end = va;
	link_after(t, upper, v, v->next);
	update_upwards(t, upper);
}

/* Put the next higher node, which has no left child, in v's place. Returns the lowest node whose
 * subtree changed. */
static struct vma *replace_by_successor(struct vma_tree *t, struct vma *v)
{
	struct vma *s = v->next, *lowest;

	lowest = s->parent == v ? s : s->parent;
	if (s->parent != v) {
		replace_child(t, s, s->right);
		s->right = v->right;
		s->right->parent = s;
	}
	replace_child(t, v, s);
	s->left = v->left;
	s->left->parent = s;
	s->height = v->height; /* What the nodes above know of this place. */
	s->max_gap = v->max_gap;
	return lowest;
}

/* Returns as replace_by_successor: from there on up the tree is to be updated. */
static struct vma *unlink_area(struct vma_tree *t, struct vma *v)
{
	struct vma *lowest = v->parent;

	if (v->left && v->right)
		lowest = replace_by_successor(t, v);
	else
		replace_child(t, v, v->left ? v->left : v->right);
	if (v->prev)
		v->prev->next = v->next;
	if (v->next)
		v->next->prev = v->prev;
	t->found = NULL;
	t->count--;
	return lowest;
}

void vma_remove(struct vma_tree *t, struct vma *v)
{
	struct vma *lowest = unlink_area(t, v);

	t->pages -= (v->end - v->start) >> PAGE_SHIFT;
	if (v->next)
		v->next->gap = gap_below(v->next); /* Before the way up, as when it was inserted. */
	update_upwards(t, lowest);
	update_upwards(t, v->next);
}

struct vma *vma_join(struct vma_tree *t, struct vma *lower)
{
	struct vma *upper = lower->next;

	lower->end = upper->end;
	update_upwards(t, unlink_area(t, upper));
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
		gap_recompute(t, v);
	if (end_moves)
		gap_recompute(t, v->next);
}

/* Where the highest len bytes of the free range [start, end) cut to [low, high) begin; 0: too small. */
static uint32_t gap_fit(uint32_t start, uint32_t end, uint32_t len, uint32_t low, uint32_t high)
{
	start = MAX(start, low);
	end = MIN(end, high);
	return end > start && end - start >= len ? end - len : 0;
}

/* The highest fit in v's subtree. Descends only where a gap is large enough; the cut at low and high
 * can disappoint on the two border paths only. */
static uint32_t gap_search(const struct vma *v, uint32_t len, uint32_t low, uint32_t high)
{
	uint32_t found;

	if (!v || v->max_gap < len)
		return 0;
	if (v->end < high) {
		found = gap_search(v->right, len, low, high);
		if (found)
			return found;
	}
	found = gap_fit(vma_guard_start(v) - v->gap, vma_guard_start(v), len, low, high);
	if (found)
		return found;
	return v->start > low ? gap_search(v->left, len, low, high) : 0;
}

uint32_t vma_find_gap(const struct vma_tree *t, uint32_t len, uint32_t low, uint32_t high)
{
	const struct vma *last = vma_last(t);
	uint32_t found;

	if (len == 0)
		return 0;
	found = gap_fit(last ? last->end : 0, high, len, low, high);
	return found ? found : gap_search(t->root, len, low, high);
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
	if (v->height != 1 + MAX(height(v->left), height(v->right)))
		return "a height is wrong";
	if (height(v->left) - height(v->right) > 1 || height(v->right) - height(v->left) > 1)
		return "the tree is out of balance";
	if (v->max_gap != MAX(v->gap, MAX(max_gap(v->left), max_gap(v->right))))
		return "a largest gap is wrong";
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
