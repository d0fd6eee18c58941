/*
 * policy_twohand.c: the clock with two hands (4.3BSD, SVR4, and Linux in its early years).
 *
 * The front hand clears A; the back hand follows at a distance and takes a page whose A is still
 * clear. So a page has the time between the hands to show that it is in use, however
 * large the memory is: one hand alone would come by only after a whole turn.
 *
 * The two hands cut the ring into two arcs, and each hand moves the page it passes from the head of
 * one to the tail of the other. policy_word(): which arc.
 */

#include "mm/policy.h"

#define TWOHAND_SPREAD 4 /* The hands are 1/4 of the ring apart. */

enum {
	AHEAD,	 /* The front hand comes to it next, or later. New pages are the last of these. */
	BETWEEN, /* The front hand has cleared its A, the back hand is still to come. */
};

struct twohand_state {
	struct list arc[2];
	uint32_t between; /* Members there. */
};

static size_t twohand_state_size(uint32_t capacity)
{
	(void)capacity;
	return sizeof(struct twohand_state);
}

static void twohand_init(struct policy_set *s)
{
	struct twohand_state *t = s->state;

	list_init(&t->arc[AHEAD]);
	list_init(&t->arc[BETWEEN]);
}

static void arc_add(struct twohand_state *t, struct frame *f, uint32_t arc)
{
	*policy_word(f) = arc;
	t->between += arc == BETWEEN;
	list_add_tail(&t->arc[arc], &f->link);
}

static void arc_remove(struct twohand_state *t, struct frame *f)
{
	t->between -= *policy_word(f) == BETWEEN;
	list_remove(&f->link);
}

static void twohand_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	(void)key;
	arc_add(s->state, f, AHEAD);
}

static void twohand_remove(struct policy_set *s, struct frame *f)
{
	arc_remove(s->state, f);
}

static void twohand_restore(struct policy_set *s, struct frame *f)
{
	arc_add(s->state, f, AHEAD);
}

/* Put the front hand at its distance. */
static void front_hand(struct twohand_state *t, uint32_t distance)
{
	/* lab twohand: move it on until so many pages lie between the hands, and let each prove that it is used. */
	struct frame *f;

	while (t->between < distance && (f = policy_first(&t->arc[AHEAD]))) {
		arc_remove(t, f);
		frame_young(f);
		arc_add(t, f, BETWEEN);
	}
	/* lab end: (void)t, (void)distance; */
}

static struct frame *twohand_victim(struct policy_set *s)
{
	struct twohand_state *t = s->state;

	/* lab twohand: the back hand takes the first page that was not used since the front hand passed it.
	 * After a whole turn of pages in use, one of them it must be. */
	for (uint32_t step = 0;; step++) {
		struct frame *f;

		front_hand(t, s->pages / TWOHAND_SPREAD + 1);
		f = policy_first(&t->arc[BETWEEN]);
		if (!f)
			return NULL;
		arc_remove(t, f);
		if (step >= s->pages || !frame_young(f))
			return f;
		arc_add(t, f, AHEAD);
	}
	/* lab end:
	 * struct frame *f = policy_first(&t->arc[AHEAD]);
	 *
	 * front_hand(t, s->pages / TWOHAND_SPREAD + 1);
	 * if (f)
	 *	arc_remove(t, f);
	 * return f; */
}

const struct policy policy_twohand = {
	.name = "twohand",
	.state_size = twohand_state_size,
	.init = twohand_init,
	.insert = twohand_insert,
	.remove = twohand_remove,
	.victim = twohand_victim,
	.restore = twohand_restore,
};
