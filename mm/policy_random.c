/*
 * policy_random.c: any member may go.
 *
 * The yardstick of the others: who does worse draws the wrong conclusions. The generator starts
 * alike each time, so that a run can be repeated. policy_word(): the member's place in the array.
 */

#include "kernel/lib/assert.h"
#include "kernel/lib/xorshift.h"
#include "mm/policy.h"

struct random_state {
	uint32_t number; /* The last one that the generator gave. */
	uint32_t count;
	struct frame *member[];
};

static size_t random_state_size(uint32_t capacity)
{
	/* One more: a victim that cannot go is restored before another one is drawn. */
	return sizeof(struct random_state) + (capacity + 1) * sizeof(struct frame *);
}

static void random_init(struct policy_set *s)
{
	struct random_state *r = s->state;

	r->number = 2463534242;
}

static void random_restore(struct policy_set *s, struct frame *f)
{
	struct random_state *r = s->state;

	ASSERT(r->count <= s->capacity);
	*policy_word(f) = r->count;
	r->member[r->count++] = f;
}

static void random_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	(void)key;
	random_restore(s, f);
}

/* The last member takes the place of the one that goes. */
static void random_remove(struct policy_set *s, struct frame *f)
{
	struct random_state *r = s->state;
	struct frame *last = r->member[--r->count];

	r->member[*policy_word(f)] = last;
	*policy_word(last) = *policy_word(f);
}

static struct frame *random_victim(struct policy_set *s)
{
	struct random_state *r = s->state;
	struct frame *f;

	if (r->count == 0)
		return NULL;
	f = r->member[xorshift32(&r->number) % r->count];
	random_remove(s, f);
	return f;
}

const struct policy policy_random = {
	.name = "random",
	.state_size = random_state_size,
	.init = random_init,
	.insert = random_insert,
	.remove = random_remove,
	.victim = random_victim,
	.restore = random_restore,
};
