/*
 * policy_clock.c: second chance. The hand goes round the members; one that was used since it last came by
 * stays for another round, the first that was not goes.
 *
 * The members are a queue in the order in which the hand will meet them: its head is where the hand is, and
 * what it passes goes to the tail.
 */

#include "mm/policy.h"

struct clock {
	struct list hand;
};

static size_t clock_state_size(uint32_t capacity)
{
	(void)capacity;
	return sizeof(struct clock);
}

static void clock_init(struct policy_set *s)
{
	struct clock *c = s->state;

	list_init(&c->hand);
}

static void clock_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	struct clock *c = s->state;

	(void)key;
	list_add_tail(&c->hand, &f->link);
}

/* At most once round: when all were used, the one that the hand met first goes. */
static struct frame *clock_victim(struct policy_set *s)
{
	struct clock *c = s->state;
	struct frame *f;

	if (list_empty(&c->hand))
		return NULL;
	f = list_first(&c->hand, struct frame, link);
	/* lab clock: who was used since the hand last came by gets a second chance. Do not turn for ever. */
	for (uint32_t left = s->pages; left > 0 && frame_young(f); left--) {
		list_remove(&f->link);
		list_add_tail(&c->hand, &f->link);
		f = list_first(&c->hand, struct frame, link);
	}
	/* lab end */
	list_remove(&f->link);
	return f;
}

static void clock_restore(struct policy_set *s, struct frame *f)
{
	clock_insert(s, f, 0);
}

const struct policy policy_clock = {
	.name = "clock",
	.state_size = clock_state_size,
	.init = clock_init,
	.insert = clock_insert,
	.victim = clock_victim,
	.restore = clock_restore,
};
