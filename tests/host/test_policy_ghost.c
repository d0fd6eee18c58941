/* test_policy_ghost.c: ghosts are found by key, counted, and forgotten oldest first. */

#include "mm/policy_ghost.h"
#include "tests/host/check.h"

#define CAPACITY 10

static struct ghosts *create(void)
{
	struct ghosts *g = host_alloc(sizeof(struct ghosts) + ghosts_size(CAPACITY));

	ghosts_init(g, CAPACITY);
	return g;
}

static bool is_known(struct ghosts *g, uint32_t key)
{
	struct ghost ghost;
	bool known = ghosts_take(g, key, &ghost);

	if (known)
		ghosts_add(g, ghost.queue, key, ghost.note);
	return known;
}

static void test_take(void)
{
	struct ghosts *g = create();
	struct ghost ghost;

	ghosts_add(g, 1, 7, 70);
	ghosts_add(g, 0, 8, 80);
	CHECK(g->count[0] == 1 && g->count[1] == 1);
	CHECK(ghosts_take(g, 7, &ghost) && ghost.queue == 1 && ghost.note == 70);
	CHECK(!ghosts_take(g, 7, &ghost) && g->count[1] == 0);
	ghosts_add(g, 1, 8, 81); /* Again: the latest word holds. */
	CHECK(g->count[0] == 0 && ghosts_take(g, 8, &ghost) && ghost.note == 81);
	ghosts_add(g, 0, 0, 1); /* A page without a name. */
	CHECK(!ghosts_take(g, 0, &ghost) && g->count[0] == 0);
	host_free(g);
}

static void test_oldest_go(void)
{
	struct ghosts *g = create();

	for (uint32_t key = 1; key <= CAPACITY; key++)
		ghosts_add(g, key > 4, key, 0);
	ghosts_add(g, 0, 11, 0); /* Of the longer queue. */
	CHECK(!is_known(g, 5) && is_known(g, 1) && is_known(g, 11));
	ghosts_cut(g, 1, 2);
	CHECK(g->count[1] == 2 && !is_known(g, 8) && is_known(g, 9) && is_known(g, 10));
	ghosts_cut(g, 0, 0);
	CHECK(g->count[0] == 0 && !is_known(g, 11));
	host_free(g);
}

/* Against an array of what is known, newest last. */
static void test_against_model(void)
{
	struct ghosts *g = create();
	uint32_t model[CAPACITY + 1], count = 0;

	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t key = (1 + random_below(20)) << random_below(2) * 20, at = 0;
		struct ghost ghost;

		while (at < count && model[at] != key)
			at++;
		CHECK(ghosts_take(g, key, &ghost) == (at < count));
		if (at < count)
			for (count--; at < count; at++)
				model[at] = model[at + 1];
		if (random_below(3) == 0)
			continue;
		ghosts_add(g, 0, key, i);
		model[count++] = key;
		if (count > CAPACITY)
			for (count--, at = 0; at < count; at++)
				model[at] = model[at + 1];
		CHECK(g->count[0] == count);
	}
	host_free(g);
}

int main(void)
{
	test_take();
	test_oldest_go();
	test_against_model();
	CHECK(host_allocated() == 0);
	return 0;
}
