/*
 * policy_aging.c: least recently used, in coarse steps (Tanenbaum's aging).
 *
 * Each member has a counter of 9 bits. Each tick shifts it right by one; a reference sets the
 * highest bit, which stands for the period that runs. So the lower 8 bits say in which of the last
 * 8 periods a page was used, the latest counting most, and the smallest counter goes.
 *
 * Members stand in a list for each counter, the longest there first. Between ticks counters only
 * grow, so a search asks each member once. policy_word(): the counter.
 */

#include "mm/policy.h"

#define AGING_BITS 8
#define AGING_NOW (1u << AGING_BITS) /* Referenced since the last tick. */
#define AGING_COUNTERS (2 * AGING_NOW)

struct aging_state {
	struct list counter[AGING_COUNTERS];
};

static size_t aging_state_size(uint32_t capacity)
{
	(void)capacity;
	return sizeof(struct aging_state);
}

static void aging_init(struct policy_set *s)
{
	struct aging_state *a = s->state;

	for (uint32_t c = 0; c < AGING_COUNTERS; c++)
		list_init(&a->counter[c]);
}

static void set_counter(struct aging_state *a, struct frame *f, uint32_t counter)
{
	*policy_word(f) = counter;
	list_add_tail(&a->counter[counter], &f->link);
}

/* A page that comes in is being referenced. */
static void aging_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	(void)key;
	set_counter(s->state, f, AGING_NOW);
}

static void aging_restore(struct policy_set *s, struct frame *f)
{
	set_counter(s->state, f, AGING_NOW);
}

static struct frame *aging_victim(struct policy_set *s)
{
	struct aging_state *a = s->state;
	struct frame *f;

	for (uint32_t c = 0; c < AGING_COUNTERS; c++) {
		while ((f = policy_first(&a->counter[c]))) {
			list_remove(&f->link);
			if ((c & AGING_NOW) || !frame_young(f))
				return f;
			set_counter(a, f, c | AGING_NOW);
		}
	}
	return NULL;
}

static void aging_tick(struct policy_set *s)
{
	struct aging_state *a = s->state;
	struct list all = LIST_INIT(all);
	struct frame *f;

	for (uint32_t c = 0; c < AGING_COUNTERS; c++)
		list_splice_tail(&all, &a->counter[c]);
	while ((f = policy_first(&all))) {
		list_remove(&f->link);
		set_counter(a, f, (*policy_word(f) | (frame_young(f) ? AGING_NOW : 0)) >> 1);
	}
}

const struct policy policy_aging = {
	.name = "aging",
	.state_size = aging_state_size,
	.init = aging_init,
	.insert = aging_insert,
	.victim = aging_victim,
	.restore = aging_restore,
	.tick = aging_tick,
};
