/* test_radix.c: the radix tree against a plain array, at both ends of the index range. */

#include "kernel/abi/errno.h"
#include "kernel/lib/radix.h"
#include "tests/host/check.h"

#define ITEMS 3000

static uint32_t index_of(uint32_t i)
{
	switch (i % 3) {
	case 0:
		return i;
	case 1:
		return i * 131071u;
	default:
		return UINT32_MAX - i;
	}
}

static char items[ITEMS];
static bool present[ITEMS];
static struct radix tree;

static bool out_of_memory;

/* Every so often there is none. */
static void *node_alloc(void)
{
	return out_of_memory && random_below(4) == 0 ? NULL : host_alloc(radix_node_size());
}

static void insert(uint32_t i)
{
	int err;

	out_of_memory = random_below(4) == 0;
	err = radix_insert(&tree, index_of(i), &items[i]);
	CHECK(err == (present[i] ? -EEXIST : 0) || (err == -ENOMEM && out_of_memory));
	if (!err)
		present[i] = true;
}

static void compare_next(void)
{
	uint32_t from = index_of(random_below(ITEMS)), best = UINT32_MAX, at = from;
	bool any = false;
	void *found;

	for (uint32_t i = 0; i < ITEMS; i++) {
		if (present[i] && index_of(i) >= from && (!any || index_of(i) < best)) {
			best = index_of(i);
			any = true;
		}
	}
	found = radix_next(&tree, &at);
	CHECK((found != NULL) == any);
	if (any)
		CHECK(at == best && radix_lookup(&tree, at) == found);
}

#define RANGE 200 /* Over several leaves. */

static void compare_range(void)
{
	uint32_t first = index_of(random_below(ITEMS)) - random_below(RANGE);
	void *found[RANGE];

	radix_lookup_range(&tree, first, RANGE, found);
	for (uint32_t i = 0; i < RANGE; i++)
		CHECK(found[i] == radix_lookup(&tree, first + i));
}

int main(void)
{
	uint32_t count = 0;

	radix_set_allocator(node_alloc, host_free);
	for (uint32_t step = 0; step < 40000; step++) {
		uint32_t i = random_below(ITEMS);

		if (random_below(2)) {
			insert(i);
		} else {
			CHECK(radix_remove(&tree, index_of(i)) == (present[i] ? &items[i] : NULL));
			present[i] = false;
		}
		i = random_below(ITEMS);
		CHECK(radix_lookup(&tree, index_of(i)) == (present[i] ? &items[i] : NULL));
		if (step % 64 == 0) {
			compare_next();
			compare_range();
		}
	}
	for (uint32_t i = 0; i < ITEMS; i++)
		count += present[i];
	CHECK(tree.count == count);
	for (uint32_t i = 0; i < ITEMS; i++)
		radix_remove(&tree, index_of(i));
	CHECK(tree.count == 0 && tree.root == NULL && host_allocated() == 0);
	return 0;
}
