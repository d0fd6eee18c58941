/*
 * test_vma.c: the area tree against a model that cannot be wrong: one byte per page.
 *
 * Random inserts, removals, resizes and gap searches over 4096 pages; after each the tree checks
 * itself, and every lookup must say what the model says.
 *
 * rows: A17 A21
 */

#include "mm/vma.h"
#include "tests/host/check.h"

#define PAGES 4096
#define AREAS 1024

static struct vma areas[AREAS];
static uint8_t owner[PAGES]; /* Model: 0 free, else used. */
static struct vma *at[PAGES];

static uint32_t va_of(uint32_t page)
{
	return page << PAGE_SHIFT;
}

static void model_set(struct vma *v, struct vma *value)
{
	for (uint32_t p = v->start >> PAGE_SHIFT; p < v->end >> PAGE_SHIFT; p++) {
		owner[p] = value != NULL;
		at[p] = value;
	}
}

static bool model_free(uint32_t page, uint32_t count)
{
	for (uint32_t p = page; p < page + count; p++)
		if (owner[p])
			return false;
	return true;
}

/* The highest page where count fit in [low, high); 0 when nowhere. */
static uint32_t model_gap(uint32_t count, uint32_t low, uint32_t high)
{
	for (uint32_t p = high - count; p >= low && p < high; p--)
		if (model_free(p, count))
			return p;
	return 0;
}

static void try_insert(struct vma_tree *t)
{
	struct vma *v = &areas[random_below(AREAS)];
	uint32_t page = 1 + random_below(PAGES - 33), count = 1 + random_below(32);

	if (v->end || !model_free(page, count))
		return;
	/* Unlike flags keep neighbours apart: the tree's own check refuses what could be merged. */
	*v = (struct vma){.start = va_of(page),
			  .end = va_of(page + count),
			  .flags = (uint32_t)(v - areas) << 16};
	vma_insert(t, v);
	model_set(v, v);
}

static void try_remove(struct vma_tree *t)
{
	struct vma *v = vma_find(t, va_of(random_below(PAGES)));

	if (!v)
		return;
	vma_remove(t, v);
	model_set(v, NULL);
	v->end = 0;
}

static void try_shrink(struct vma_tree *t)
{
	struct vma *v = vma_find(t, va_of(random_below(PAGES)));

	if (!v || v->end - v->start < 3 * PAGE_SIZE)
		return;
	model_set(v, NULL);
	vma_resize(t, v, v->start + PAGE_SIZE, v->end - PAGE_SIZE, 0);
	model_set(v, v);
}

static void try_split(struct vma_tree *t)
{
	struct vma *v = vma_find(t, va_of(random_below(PAGES))),
		   *upper = &areas[random_below(AREAS)];

	if (!v || upper->end || v->end - v->start < 2 * PAGE_SIZE)
		return;
	*upper = *v;
	upper->flags = (uint32_t)(upper - areas) << 16;
	vma_split(t, v, upper, v->start + PAGE_SIZE);
	model_set(upper, upper);
}

static void try_join(struct vma_tree *t)
{
	struct vma *v = vma_find(t, va_of(random_below(PAGES))), *upper = v ? v->next : NULL;

	if (!upper || v->end != upper->start)
		return;
	CHECK(vma_join(t, v) == upper);
	upper->end = 0;
	model_set(v, v);
}

/* The same areas in a tree made in one go. */
static void rebuild(struct vma_tree *t)
{
	struct vma_tree built = {0};
	struct vma *last = NULL;

	for (struct vma *v = vma_first(t), *next; v; v = next) {
		next = v->next;
		vma_append(&built, v, last);
		last = v;
	}
	vma_build(&built, last);
	CHECK(built.count == t->count && built.pages == t->pages);
	*t = built;
}

static void compare_gap(struct vma_tree *t)
{
	uint32_t count = 1 + random_below(64);
	uint32_t low = 1 + random_below(PAGES / 2),
		 high = low + count + random_below(PAGES / 2 - 65);

	CHECK(vma_find_gap(t, va_of(count), va_of(low), va_of(high)) ==
	      va_of(model_gap(count, low, high)));
}

static void compare_lookup(struct vma_tree *t)
{
	uint32_t p = random_below(PAGES), q = p;

	CHECK(vma_find(t, va_of(p)) == at[p]);
	while (q < PAGES && !at[q])
		q++;
	CHECK(vma_find_from(t, va_of(p)) == (q < PAGES ? at[q] : NULL));
}

/* Areas come and go ten thousand times at random places, few at a time, and then in a row upwards: no path
 * becomes longer than 1.44 times the logarithm of the insertions. */
static void test_age(void)
{
	static struct vma few[64];
	struct vma_tree t = {0};

	for (uint32_t step = 0; step < 20000; step++) {
		uint32_t i = random_below(64);

		if (few[i].end) {
			vma_remove(&t, &few[i]);
			few[i].end = 0;
			continue;
		}
		few[i] = (struct vma){.start = va_of(2 * i), .end = va_of(2 * i + 1)};
		vma_insert(&t, &few[i]);
	}
	CHECK(vma_check(&t) == NULL && t.root->rank <= 19);
	for (uint32_t step = 0; step < 20000; step++) {
		struct vma *v = &few[step % 64];

		if (v->end)
			vma_remove(&t, v);
		*v = (struct vma){.start = va_of(256 + 2 * step), .end = va_of(257 + 2 * step)};
		vma_insert(&t, v);
	}
	CHECK(vma_check(&t) == NULL && t.root->rank <= 21);
}

int main(void)
{
	struct vma_tree t = {0};

	test_age();
	for (uint32_t step = 0; step < 60000; step++) {
		switch (random_below(7)) {
		case 0:
		case 1:
			try_insert(&t);
			break;
		case 2:
			try_remove(&t);
			break;
		case 3:
			try_shrink(&t);
			break;
		case 4:
			try_split(&t);
			break;
		case 5:
			try_join(&t);
			break;
		case 6:
			compare_gap(&t);
			compare_lookup(&t);
			break;
		}
		if (step % 500 == 0)
			rebuild(&t);
		if (step % 16 == 0)
			CHECK(vma_check(&t) == NULL);
	}
	CHECK(t.count > 10);
	return 0;
}
