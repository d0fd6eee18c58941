/*
 * policy_active.c: active and inactive pages, and refault distance (Linux since 3.15).
 *
 * New pages queue up as inactive. One that is referenced again while it queues becomes active: what
 * is used only once never drives out what is used often. Active pages, when they are more than
 * half, queue up again.
 *
 * A page that is too long away from its next use never gets its second reference while inactive. So
 * evicted ones are remembered with the time, counted in pages that left the inactive list: a page
 * that returns after no more of these than there are active pages would have stayed, had the
 * active ones made room, and becomes active at once (Weiner, 2012).
 *
 * The first reference that a look finds is that of the fault which brought the page: it is worth a
 * second round, no more. policy_word(): the list, and whether such a reference was seen.
 */

#include "mm/policy.h"
#include "mm/policy_ghost.h"

#define ACTIVE_SEEN 1u	 /* Referenced once while inactive. */
#define ACTIVE_ACTIVE 2u /* On the active list. */

struct active_state {
	struct list inactive, active; /* Oldest first. */
	uint32_t inactive_count, active_count;
	uint32_t age;	       /* Pages that left the inactive list so far, up or out. */
	struct ghosts evicted; /* One queue; the note is the age. */
};

/* Who is away longer than there are active pages, which half can be, is forgotten. */
static uint32_t ghosts_wanted(uint32_t capacity)
{
	return capacity / 2 + 1;
}

static size_t active_state_size(uint32_t capacity)
{
	return sizeof(struct active_state) + ghosts_size(ghosts_wanted(capacity));
}

static void active_init(struct policy_set *s)
{
	struct active_state *a = s->state;

	list_init(&a->inactive);
	list_init(&a->active);
	ghosts_init(&a->evicted, ghosts_wanted(s->capacity));
}

static void list_up(struct active_state *a, struct frame *f, uint32_t word)
{
	*policy_word(f) = word;
	if (word & ACTIVE_ACTIVE) {
		a->active_count++;
		list_add_tail(&a->active, &f->link);
	} else {
		a->inactive_count++;
		list_add_tail(&a->inactive, &f->link);
	}
}

static void active_remove(struct policy_set *s, struct frame *f)
{
	struct active_state *a = s->state;

	if (*policy_word(f) & ACTIVE_ACTIVE)
		a->active_count--;
	else
		a->inactive_count--;
	list_remove(&f->link);
}

static void active_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	struct active_state *a = s->state;
	struct ghost ghost;
	bool soon = ghosts_take(&a->evicted, key, &ghost) && a->age - ghost.note <= a->active_count;

	list_up(a, f, soon ? ACTIVE_ACTIVE : 0);
}

static void active_restore(struct policy_set *s, struct frame *f)
{
	list_up(s->state, f, 0);
}

/* Keep the active pages from being more than the others: the oldest of them has to show again that
 * it is in use, by one reference if it was in use up to now. */
static void demote(struct policy_set *s)
{
	struct active_state *a = s->state;
	struct frame *f;

	while (a->active_count > a->inactive_count) {
		f = policy_first(&a->active);
		active_remove(s, f);
		list_up(a, f, frame_young(f) ? ACTIVE_SEEN : 0);
	}
}

static struct frame *active_victim(struct policy_set *s)
{
	struct active_state *a = s->state;
	/* After two rounds of pages in use, one of them it must be. */
	for (uint32_t step = 0;; step++) {
		struct frame *f;

		demote(s);
		f = policy_first(&a->inactive);
		if (!f)
			return NULL;
		active_remove(s, f);
		if (step >= 2 * s->pages || !frame_young(f))
			return f;
		if (*policy_word(f) & ACTIVE_SEEN)
			a->age++;
		list_up(a, f, *policy_word(f) & ACTIVE_SEEN ? ACTIVE_ACTIVE : ACTIVE_SEEN);
	}
}

static void active_evicted(struct policy_set *s, struct frame *f, uint32_t key)
{
	struct active_state *a = s->state;

	(void)f;
	ghosts_add(&a->evicted, 0, key, a->age++);
}

static void active_forget(struct policy_set *s, uint32_t key)
{
	struct active_state *a = s->state;
	struct ghost ghost;

	ghosts_take(&a->evicted, key, &ghost);
}

const struct policy policy_active = {
	.name = "active",
	.state_size = active_state_size,
	.init = active_init,
	.insert = active_insert,
	.remove = active_remove,
	.victim = active_victim,
	.restore = active_restore,
	.evicted = active_evicted,
	.forget = active_forget,
};
