/*
 * policy_wsclock.c: a clock that knows the working set (Carr and Hennessy, 1981).
 *
 * policy_word(): the time, in ticks, at which the hand last found the member referenced. A member
 * that was not used for WSCLOCK_TAU ticks is out of the working set and goes, a clean one first: it
 * costs no write. The hand is the head of the ring.
 *
 * One search looks at WSCLOCK_LOOK members at most and then takes the best of them: when all are in
 * use, or all would have to be written, a whole turn for each victim would find no better one.
 */

#include "mm/policy.h"

#define WSCLOCK_TAU 8
#define WSCLOCK_LOOK 64

struct wsclock_state {
	struct list ring;
};

static size_t wsclock_state_size(uint32_t capacity)
{
	(void)capacity;
	return sizeof(struct wsclock_state);
}

static void wsclock_init(struct policy_set *s)
{
	struct wsclock_state *w = s->state;

	list_init(&w->ring);
}

/* Just behind the hand. */
static void wsclock_restore(struct policy_set *s, struct frame *f)
{
	struct wsclock_state *w = s->state;

	*policy_word(f) = s->now;
	list_add_tail(&w->ring, &f->link);
}

static void wsclock_insert(struct policy_set *s, struct frame *f, uint32_t key)
{
	(void)key;
	wsclock_restore(s, f);
}

/* What would be lost by taking f, which the hand has come to? 0: nothing. 1: a write. More: a
 * member of the working set, the more the later it was used. */
static uint32_t loss(struct policy_set *s, struct frame *f)
{
	uint32_t unused;

	if (frame_young(f))
		*policy_word(f) = s->now;
	unused = s->now - *policy_word(f);
	if (unused <= WSCLOCK_TAU)
		return 2 + WSCLOCK_TAU - unused;
	return frame_modified(f) ? 1 : 0;
}

static struct frame *wsclock_victim(struct policy_set *s)
{
	struct wsclock_state *w = s->state;
	struct frame *f, *best = NULL;
	uint32_t best_loss = UINT32_MAX;

	for (uint32_t n = MIN(s->pages, (uint32_t)WSCLOCK_LOOK); n > 0 && best_loss > 0; n--) {
		uint32_t l;

		f = policy_first(&w->ring);
		if (!f)
			return NULL;
		l = loss(s, f);
		if (l < best_loss) {
			best = f;
			best_loss = l;
		}
		list_remove(&f->link);
		list_add_tail(&w->ring, &f->link);
	}
	if (best)
		list_remove(&best->link);
	return best;
}

const struct policy policy_wsclock = {
	.name = "wsclock",
	.state_size = wsclock_state_size,
	.init = wsclock_init,
	.insert = wsclock_insert,
	.victim = wsclock_victim,
	.restore = wsclock_restore,
};
