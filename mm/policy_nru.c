/*
 * policy_nru.c: not recently used (the VAX systems; Tanenbaum's classes).
 *
 * R: referenced since the last tick. M: modified. The victim is of the lowest class that is not
 * empty:
 *
 *	0: neither	1: M (written in an earlier period)	2: R	3: R and M
 *
 * A member stands in the list of the class it was last seen in. Between ticks pages only gain R, so
 * a search moves each member up at most once for R and once for M: no search goes over all of
 * memory again and again. policy_word(): the class.
 */

#include "mm/policy.h"

#define CLASS_M 1u
#define CLASS_R 2u
#define CLASSES 4u

struct nru_state {
	struct list members[CLASSES];
};

static size_t nru_state_size(uint32_t capacity)
{
	(void)capacity;
	return sizeof(struct nru_state);
}

static void nru_init(struct policy_set *s)
{
	struct nru_state *n = s->state;

	for (uint32_t c = 0; c < CLASSES; c++)
		list_init(&n->members[c]);
}

/* Put f last in the class that it is in now; referenced: since the last tick. */
static void classify(struct nru_state *n, struct frame *f, bool referenced)
{
	uint32_t class = (referenced ? CLASS_R : 0) | (frame_modified(f) ? CLASS_M : 0);

	*policy_word(f) = class;
	list_add_tail(&n->members[class], &f->link);
}

/* A page that comes in is being referenced. */
static void nru_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	(void)key;
	classify(s->state, f, true);
}

static void nru_restore(struct policy_set *s, struct frame *f)
{
	classify(s->state, f, true);
}

static struct frame *nru_victim(struct policy_set *s)
{
	struct nru_state *n = s->state;
	struct frame *f;

	for (uint32_t c = 0; c < CLASSES; c++) {
		while ((f = policy_first(&n->members[c]))) {
			list_remove(&f->link);
			if (c == CLASSES - 1)
				return f;
			classify(n, f, frame_young(f) || (c & CLASS_R));
			if (*policy_word(f) <= c) {
				list_remove(&f->link);
				return f;
			}
		}
	}
	return NULL;
}

/* A new period: nobody is R. Who was not R in the old one comes before who was. */
static void nru_tick(struct policy_set *s)
{
	struct nru_state *n = s->state;
	struct list all = LIST_INIT(all);
	struct frame *f;

	for (uint32_t c = 0; c < CLASSES; c++)
		list_splice_tail(&all, &n->members[c]);
	while ((f = policy_first(&all))) {
		list_remove(&f->link);
		frame_young(f);
		classify(n, f, false);
	}
}

const struct policy policy_nru = {
	.name = "nru",
	.state_size = nru_state_size,
	.init = nru_init,
	.insert = nru_insert,
	.victim = nru_victim,
	.restore = nru_restore,
	.tick = nru_tick,
};
