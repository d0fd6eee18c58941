/*
 * policy_car.c: clock with adaptive replacement (Bansal and Modha, 2004).
 *
 * Two clocks: ONCE holds pages that were seen in use once lately, OFTEN those seen twice or more.
 * Each has a queue of ghosts, the pages that it lost. A page that returns from ONCE's ghosts says
 * that ONCE should have been larger, one from OFTEN's the contrary; target, the size that ONCE is
 * to have, follows them. So a scan, which only fills ONCE, does not wash out OFTEN, and a phase of
 * new pages still gets room.
 *
 * The first reference that a look finds is that of the fault which brought the page: it is worth a
 * second round of ONCE, no more. policy_word(): the clock, and whether such a reference was seen.
 */

#include "mm/policy.h"
#include "mm/policy_ghost.h"

enum {
	ONCE,  /* T1 and B1 of the paper. */
	OFTEN, /* T2 and B2. */
};

#define CAR_CLOCK 1u /* Of the word: ONCE or OFTEN. */
#define CAR_SEEN 2u  /* Of the word: in ONCE, and referenced. */

struct car_state {
	struct list clock[2]; /* The hand is the head. */
	uint32_t count[2];
	uint32_t target; /* Members that ONCE is to have (p). */
	uint32_t size;	 /* Members when the last victim was chosen (c): there is room for these. */
	struct ghosts evicted; /* A queue for each clock. */
};

static size_t car_state_size(uint32_t capacity)
{
	return sizeof(struct car_state) + ghosts_size(capacity);
}

static void car_init(struct policy_set *s)
{
	struct car_state *c = s->state;

	list_init(&c->clock[ONCE]);
	list_init(&c->clock[OFTEN]);
	ghosts_init(&c->evicted, s->capacity);
}

static void clock_add(struct car_state *c, struct frame *f, uint32_t word)
{
	*policy_word(f) = word;
	c->count[word & CAR_CLOCK]++;
	list_add_tail(&c->clock[word & CAR_CLOCK], &f->link);
}

static void car_remove(struct policy_set *s, struct frame *f)
{
	struct car_state *c = s->state;

	c->count[*policy_word(f) & CAR_CLOCK]--;
	list_remove(&f->link);
}

/* A ghost of queue has returned: its clock should have been larger, the more so the rarer that
 * is. */
static void adapt(struct car_state *c, uint32_t queue)
{
	uint32_t mine = c->evicted.count[queue] + 1; /* The one that returned is off it. */
	uint32_t step = MAX(c->evicted.count[!queue] / mine, 1u);

	if (queue == ONCE)
		c->target = MIN(c->target + step, c->size);
	else
		c->target -= MIN(step, c->target);
}

/* ONCE with its ghosts fills memory at most once, everything twice. */
static void cut_history(struct car_state *c)
{
	uint32_t members = c->count[ONCE] + c->count[OFTEN];

	ghosts_cut(&c->evicted, ONCE, c->size - MIN(c->count[ONCE], c->size));
	ghosts_cut(&c->evicted, OFTEN,
		   2 * c->size - MIN(members + c->evicted.count[ONCE], 2 * c->size));
}

static void car_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	struct car_state *c = s->state;
	struct ghost ghost;

	if (ghosts_take(&c->evicted, key, &ghost)) {
		adapt(c, ghost.queue);
		clock_add(c, f, OFTEN);
	} else {
		clock_add(c, f, ONCE);
	}
	cut_history(c);
}

static void car_restore(struct policy_set *s, struct frame *f)
{
	clock_add(s->state, f, *policy_word(f) & CAR_CLOCK);
}

static struct frame *car_victim(struct policy_set *s)
{
	struct car_state *c = s->state;

	c->size = s->pages;
	/* After two turns of pages in use, one of them it must be. */
	for (uint32_t step = 0;; step++) {
		uint32_t clock = c->count[ONCE] >= MAX(c->target, 1u) ? ONCE : OFTEN;
		struct frame *f = policy_first(&c->clock[clock]);

		if (!f)
			f = policy_first(&c->clock[!clock]);
		if (!f)
			return NULL;
		car_remove(s, f);
		if (step >= 2 * s->pages || !frame_young(f))
			return f;
		clock_add(c, f, *policy_word(f) == ONCE ? ONCE | CAR_SEEN : OFTEN);
	}
}

static void car_evicted(struct policy_set *s, struct frame *f, uint32_t key)
{
	struct car_state *c = s->state;

	ghosts_add(&c->evicted, *policy_word(f) & CAR_CLOCK, key, 0);
	cut_history(c);
}

static void car_forget(struct policy_set *s, uint32_t key)
{
	struct car_state *c = s->state;
	struct ghost ghost;

	ghosts_take(&c->evicted, key, &ghost);
}

const struct policy policy_car = {
	.name = "car",
	.state_size = car_state_size,
	.init = car_init,
	.insert = car_insert,
	.remove = car_remove,
	.victim = car_victim,
	.restore = car_restore,
	.evicted = car_evicted,
	.forget = car_forget,
};
