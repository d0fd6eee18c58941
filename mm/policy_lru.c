/*
 * policy_lru.c: the member that was not used for longest goes.
 *
 * Exact, and therefore only for sets that are told of every reference (touched), as a traced
 * working set is: no machine tells that of all its memory. What the others approximate.
 */

#include "mm/policy.h"

struct lru_state {
	struct list members; /* From the least to the most recently used. */
};

static size_t lru_state_size(uint32_t capacity)
{
	(void)capacity;
	return sizeof(struct lru_state);
}

static void lru_init(struct policy_set *s)
{
	struct lru_state *lru = s->state;

	list_init(&lru->members);
}

static void lru_restore(struct policy_set *s, struct frame *f)
{
	struct lru_state *lru = s->state;

	list_add_tail(&lru->members, &f->link);
}

static void lru_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	(void)key;
	lru_restore(s, f);
}

static void lru_touched(struct policy_set *s, struct frame *f)
{
	list_remove(&f->link);
	lru_restore(s, f);
}

static struct frame *lru_victim(struct policy_set *s)
{
	struct lru_state *lru = s->state;
	struct frame *f = policy_first(&lru->members);

	if (f)
		list_remove(&f->link);
	return f;
}

const struct policy policy_lru = {
	.name = "lru",
	.state_size = lru_state_size,
	.init = lru_init,
	.insert = lru_insert,
	.victim = lru_victim,
	.restore = lru_restore,
	.touched = lru_touched,
};
